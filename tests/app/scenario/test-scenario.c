/* Scenario files: what loads and what it says then, what is refused and with which words, what saving keeps. */
#include "app/scenario/scenario.h"

#include <glib/gstdio.h>
#include <string.h>

#define HEAD "[scenario]\ntitle=T\n"
#define MAIL "[host mail]\ntype=mail-server\naddress=10.0.1.25\n"
#define ALICE "[host alice]\ntype=mail-client\naddress=10.0.1.7\n"
#define LINK "[link alice -- mail]\n"
#define NET HEAD MAIL ALICE LINK

/* --- broken files ------------------------------------------------------------------------------------------------- */

static const struct {
  const char *text;
  const char *error; /* the first; GLib pattern, so that lists of known keys may grow */
} broken[] = {
  /* the file */
  { "", "x:1: there is no group [scenario]; write [scenario] and title=… at the top" },
  { "# nothing\n", "x:1: there is no group [scenario]*" },
  { MAIL, "x:1: there is no group [scenario]*" },
  { "title=T\n[scenario]\n", "x:1: “title=T” stands before the first group; write [scenario] above it" },
  { HEAD "what is this\n", "x:3: [scenario] “what is this” is neither a group, a key nor a comment; write key=value*" },
  { HEAD "0123456789012345678901234567890123456789xyz\n", "x:3: [scenario] “0123456789012345678901234567890123456789…” is*" },
  { HEAD "b\xff=1\n", "x:3: [scenario] byte 2 of the line is not UTF-8 text; save the file as UTF-8" },
  { HEAD "[host mail\n", "x:3: [scenario] “[host mail” is not the head of a group; write [host NAME]*" },
  { HEAD "[]\n", "x:3: [scenario] “[]” is not the head of a group;*" },
  { HEAD "a b=1\n", "x:3: [scenario] “a b” is not a key; a key is made of letters, digits and hyphens" },
  { HEAD "title[]=1\n", "x:3: [scenario] “title[]” is not a key;*" },
  { HEAD "=1\n", "x:3: [scenario] “” is not a key;*" },
  /* groups */
  { HEAD "[hots mail]\n", "x:3: [hots mail] unknown group; did you mean “host”? Groups are*" },
  { HEAD "[printer]\n", "x:3: [printer] unknown group. Groups are [scenario], [host NAME], [link A -- B] and*" },
  { HEAD "[scenario two]\n", "x:3: [scenario two] unknown group; write [scenario]" },
  { HEAD MAIL MAIL, "x:6: [host mail] this group is in line 3 already; join the two groups or rename one" },
  { HEAD MAIL "[host MAIL]\ntype=mail-server\naddress=10.0.1.26\n", "x:6: [host MAIL] there is a host of this name already*" },
  { NET "[at 1s alice]\naction=host-down\n[at 1s alice]\naction=host-up\n",
    "x:12: [at 1s alice] this group is in line 10 already; add #2*" },
  /* keys */
  { HEAD "title=U\n", "x:3: [scenario] title: this key is in line 2 already; leave one of the two" },
  { HEAD "titel=U\n", "x:3: [scenario] titel: unknown key; did you mean “title”? Known here: title, description, *" },
  { HEAD "colour=red\n", "x:3: [scenario] colour: unknown key. Known here: title, *" },
  { HEAD "seed[de]=1\n", "x:3: [scenario] seed[de]: only title, description and label are translated; write seed" },
  { HEAD "description=a\\qb\n", "x:3: [scenario] description: has an escape that gives no text;*" },
  { HEAD "description=ab\\\n", "x:3: [scenario] description: has an escape that gives no text;*" },
  { HEAD "seed=x\n", "x:3: [scenario] seed: “x” is not a number;*" },
  { HEAD "duration=5\n", "x:3: [scenario] duration: “5” has no unit; write 5s or 5ms" },
  { HEAD "start=yesterday\n", "x:3: [scenario] start: “yesterday” is no date and time with a zone since 1970; write *" },
  { HEAD "start=2026-01-05T09:00:00\n", "x:3: [scenario] start: *zone*" },
  { HEAD "start=1901-01-05T09:00:00Z\n", "x:3: [scenario] start: *1970*" },
  { HEAD MAIL "bannner=x\n", "x:6: [host mail] bannner: unknown key; did you mean “banner”? Known here: type, label, *" },
  { HEAD MAIL "quota=1 stone\n", "x:6: [host mail] quota: “1 stone” is not a size;*" },
  { HEAD MAIL "domains=a b\n", "x:6: [host mail] domains: “a b” is not a domain;*" },
  /* hosts */
  { HEAD "[host]\n", "x:3: [host] wants one name of at most 63 letters*" },
  { HEAD "[host a b]\n", "x:3: [host a b] wants one name*" },
  { HEAD "[host ../x]\n", "x:3: [host ../x] wants one name*" },
  { HEAD "[host a]\n", "x:3: [host a] type: is missing; types are mail-client, *router, switch" },
  { HEAD "[host a]\ntype=mail-sever\n", "x:4: [host a] type: “mail-sever” is no type of host; did you mean “mail-server”?*" },
  { HEAD "[host a]\ntype=mail-server\n", "x:3: [host a] address: is missing; write address=10.0.1.25" },
  { HEAD "[host a]\ntype=mail-server\naddress=10.0.1\n", "x:5: [host a] address: “10.0.1” is no address of a host; write *" },
  { HEAD "[host a]\ntype=mail-server\naddress=224.0.0.1\n", "x:5: [host a] address: “224.0.0.1” is no address*" },
  { HEAD "[host a]\ntype=mail-server\naddress=0.0.0.0\n", "x:5: [host a] address: “0.0.0.0” is no address*" },
  { HEAD "[host a]\ntype=mail-server\naddress=10.0.0.1;10.0.0.2\n", "x:5: [host a] address: *only a router has several" },
  { HEAD "[host a]\ntype=switch\naddress=10.0.0.1\n", "x:5: [host a] address: a switch has no address unless it is managed (snmp=public); *" },
  { HEAD "[host r]\ntype=router\nsnmp-traps=10.0.0.9\n", "x:5: [host r] snmp-traps: is for a host that is managed; write snmp=public, too" },
  { HEAD "[host r]\ntype=router\nsnmp=public\n", "x:3: [host r] address: is missing; write address=10.0.1.25" },
  { HEAD "[host r]\ntype=router\naddress=10.0.0.1\nsnmp=public\nsnmp-users=a:b\n", "x:7: [host r] snmp-users: “a:b” is no SNMP user; *" },
  { HEAD MAIL "[host b]\ntype=mail-server\naddress=10.0.1.25\n",
    "x:8: [host b] address: “10.0.1.25” is the address of mail already; give each host its own" },
  { HEAD MAIL "position=5\n", "x:6: [host mail] position: “5” is no place on the canvas; write 96;192" },
  { HEAD MAIL "position=1;nan\n", "x:6: [host mail] position: *" },
  { HEAD MAIL "position=1;2;3\n", "x:6: [host mail] position: *" },
  { HEAD "[host r]\ntype=router\nusers=a:b\n", "x:5: [host r] users: unknown key. Known here: type, label, address, position, *" },
  /* links */
  { NET "[link alice mail]\n", "x:10: [link alice mail] wants two hosts; write [link A -- B]" },
  { NET "[link alice -- alice]\n", "x:10: [link alice -- alice] links alice to itself; name two different hosts" },
  { NET "[link alice -- mial]\n", "x:10: [link alice -- mial] there is no host “mial”; did you mean “mail”?" },
  { NET "[link alice -- printer]\n", "x:10: *there is no host “printer”; add a group [host NAME] for it" },
  { NET "[link mail -- alice]\n", "x:10: [link mail -- alice] these two hosts are linked already;*" },
  { NET "loss=5\n", "x:10: [link alice -- mail] loss: “5” has no unit; write 5% or 0.05" },
  { NET "loss=200%\n", "x:10: [link alice -- mail] loss: “200%” is more than all packets; write at most 100%" },
  { NET "loss=much\n", "x:10: [link alice -- mail] loss: “much” is not a share of packets; write 5% or 0.05" },
  { NET "bandwidth=10\n", "x:10: [link alice -- mail] bandwidth: “10” is not a bandwidth; write 64kbit/s, *" },
  { NET "latency=3\n", "x:10: [link alice -- mail] latency: “3” has no unit; write 3s or 3ms" },
  { NET "queue=0\n", "x:10: [link alice -- mail] queue: “0” lets no packet through; write 1 or more" },
  /* actions */
  { NET "[at]\n", "x:10: [at] wants a time and a host or link; write [at 5s HOST]*" },
  { NET "[at 5s]\n", "x:10: [at 5s] wants a time and a host or link;*" },
  { NET "[at 5s alice #x]\n", "x:10: [at 5s alice #x] wants a time and a host or link;*" },
  { NET "[at 5 alice]\naction=host-down\n", "x:10: [at 5 alice] “5” has no unit; write 5s or 5ms" },
  { NET "[at 5s alcie]\naction=host-down\n", "x:10: [at 5s alcie] there is no host “alcie”; did you mean “alice”?" },
  { NET "[at 5s alice]\n", "x:10: [at 5s alice] action: is missing; actions here are send-mail, *host-down, host-up" },
  { NET "[at 5s alice]\naction=send-mial\n", "x:11: [at 5s alice] action: “send-mial” is no action here; did you mean “send-mail”?*" },
  { NET "[at 5s alice]\naction=send-mail\n", "x:10: [at 5s alice] to: is missing: Recipients" },
  { NET "[at 5s alice]\naction=send-mail\nto=bob\n", "x:12: [at 5s alice] to: “bob” is not a mailbox; write name@example.org" },
  { NET "[at 5s alice]\naction=send-mail\nto=b@example.org\nfrm=x\n", "x:13: [at 5s alice] frm: unknown key; did you mean “from”?*" },
  { NET "[at 5s mail]\naction=send-mail\n", "x:11: [at 5s mail] action: “send-mail” is no action here. Actions are host-down, host-up" },
  { NET "[at 5s alice -- mail]\naction=host-down\n", "x:11: *“host-down” is no action here. Actions are link-down, link-up, link-loss" },
  { NET "[at 5s alice -- mail]\naction=link-loss\nloss=30\n", "x:12: [at 5s alice -- mail] loss: “30” has no unit; write 30% or 0.3" },
  { NET "[at 5s alice -- mail]\naction=link-loss\n", "x:10: [at 5s alice -- mail] loss: is missing: *" },
  { NET "[host r]\ntype=router\n[at 5s alice -- r]\naction=link-down\n", "x:12: *these two hosts have no link; add [link alice -- r]" },
  { HEAD "duration=10s\n" MAIL "[at 11s mail]\naction=host-down\n", "x:7: [at 11s mail] “11s” is after the end (duration 10s)" },
  /* references */
  { NET "[host b]\ntype=mail-client\naddress=10.0.1.8\nserver=mial\n", "x:13: [host b] server: there is no host “mial”; did you mean “mail”?" },
  { NET "[host b]\ntype=mail-client\naddress=10.0.1.8\nserver=mail\n", "x:13: [host b] server: no way of links leads from b to mail; add a [link A -- B]" },
  { NET "[host b]\ntype=mail-client\naddress=10.0.1.8\nserver=10.0.1.25\n", "x:13: [host b] server: no way of links leads from b to mail*" },
  { NET "[host b]\ntype=mail-client\naddress=10.0.1.8\nresolver=dns.example.org\n", "x:13: [host b] resolver: there is no host “dns.example.org”*" },
  { NET "[host b]\ntype=mail-server\naddress=10.0.1.8\nroutes=example.org>mial:25\n", "x:13: [host b] routes: there is no host “mial”*" },
  { NET "[host b]\ntype=mail-server\naddress=10.0.1.8\nrelay=mial:25\n", "x:13: [host b] relay: there is no host “mial”*" },
  { NET "[at 5s alice]\naction=send-mail\nto=b@example.org\nserver=mial\n", "x:13: [at 5s alice] server: there is no host “mial”*" },
  /* files */
  { NET "[at 1s alice]\naction=send-mail\nto=b@example.org\nattach=nowhere/a.png\n",
    "x:*: [at 1s alice] attach: “nowhere/a.png” cannot be read: No such file or directory" },
  { NET "[at 1s alice]\naction=send-mail\nto=b@example.org\nattach=file:///nowhere/a%3Bb.png\n",
    "x:*: [at 1s alice] attach: “/nowhere/a;b.png” cannot be read: No such file or directory" },
  { NET "[at 1s alice]\naction=send-mail\nto=b@example.org\ninline=/\n", "x:*: [at 1s alice] inline: “/” is no file" },
  { NET "[at 1s alice]\naction=send-mail\nto=b@example.org\nattach=file://%zz\n",
    "x:*: [at 1s alice] attach: “file://%zz” is no file; write photo.png, or file:///home/me/photo.png" },
};

static void
test_broken (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WtScenario) scenario =
          wt_scenario_load_data ("x", broken[i].text, strlen (broken[i].text), NULL, &error);
      if (scenario)
        g_test_message ("row %u was accepted: %s", i, broken[i].text);
      g_assert_null (scenario);
      g_assert_nonnull (error);
      if (!g_pattern_match_simple (broken[i].error, error->message))
        {
          g_test_message ("row %u: “%s” is not “%s”", i, error->message, broken[i].error);
          g_test_fail ();
        }
    }
}

/* All faults come, in the order of the file, whatever the order in which they are found. */
static void
test_all_errors (void)
{
  static const char text[] = "[at 5s alice]\naction=host-down\n[scenario]\ncolour=red\n[host a]\ntype=x\n[link a -- q]\nloss=5\n";
  static const char *const expected[] = { "x:1:*alice*", "x:4:*colour*", "x:6:*type*", "x:7:*q*", "x:8:*loss*" };
  g_autoptr (GPtrArray) errors = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  g_autoptr (GError) error = NULL;
  g_assert_null (wt_scenario_load_data ("x", text, strlen (text), errors, &error));
  g_assert_cmpuint (errors->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < errors->len; i++)
    {
      const GError *each = g_ptr_array_index (errors, i);
      g_test_message ("%s", each->message);
      g_assert_true (g_pattern_match_simple (expected[i], each->message));
    }
  g_assert_error (error, WT_SCENARIO_ERROR, WT_SCENARIO_ERROR_INVALID);
}

/* A file full of faults gives a bounded number of messages; a NUL and a file that is too large give one. */
static void
test_bounds (void)
{
  g_autoptr (GPtrArray) errors = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  g_autoptr (GString) text = g_string_new (HEAD);
  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (text, "[host h%u]\ntype=x\nbad=y\n", i);
  g_assert_null (wt_scenario_load_data ("x", text->str, text->len, errors, NULL));
  g_assert_cmpuint (errors->len, ==, 100);

  g_autoptr (GError) error = NULL;
  g_assert_null (wt_scenario_load_data ("x", "[scenario]\n\0x", 13, NULL, &error));
  g_assert_cmpstr (error->message, ==, "x: byte 12 is NUL; a scenario is a text file in UTF-8");
  g_clear_error (&error);
  g_string_set_size (text, WT_SCENARIO_FILE_MAX + 1);
  memset (text->str, '#', text->len);
  g_assert_null (wt_scenario_load_data ("x", text->str, text->len, NULL, &error));
  g_assert_cmpstr (error->message, ==, "x: larger than 4194304 bytes; that is no scenario");
  g_clear_error (&error);
  g_assert_null (wt_scenario_load ("/nowhere/x.scenario", NULL, &error));
  g_assert_error (error, WT_SCENARIO_ERROR, WT_SCENARIO_ERROR_READ);
  g_assert_true (g_str_has_prefix (error->message, "x.scenario: cannot be read: "));
  g_clear_error (&error);
  g_assert_null (wt_scenario_load ("/", NULL, &error));
  g_assert_error (error, WT_SCENARIO_ERROR, WT_SCENARIO_ERROR_READ);
}

/* --- sound files -------------------------------------------------------------------------------------------------- */

static const char full[] = "# A comment at the head\n\n"
                           "[scenario]\ntitle=Two hosts\ntitle[de]=Zwei Rechner\ndescription=One\\nTwo\nseed=7\nduration=90s\n"
                           "start=2026-03-01T08:00:00Z\n\n"
                           "# The server\n"
                           "[host mail]\ntype=mail-server\nlabel=The server\nlabel[de]=Der Server\naddress=10.0.1.25\n"
                           "# where it stands\nposition=96;-12.5\ndomains=example.org\n\n"
                           "[host gate]\ntype=router\naddress=10.0.1.1;10.0.2.1\n\n"
                           "[host alice]\ntype=mail-client\naddress=10.0.2.7\nserver=mail\n\n"
                           "[link mail -- gate]\nlatency=2ms\nbandwidth=64kbit/s\nqueue=5\nloss=1.5%\n\n"
                           "[link gate -- alice]\n\n"
                           "[at 5s alice #2]\naction=send-mail\nto=bob@example.org\nsubject=Second\n\n"
                           "[at 10s gate -- mail]\naction=link-loss\nloss=0.25\n\n"
                           "[at 500ms alice]\naction=send-mail\nto=bob@example.org;carol@example.org\ntext=Hello\\nBob\n";

static WtScenario *
load (const char *text)
{
  g_autoptr (GError) error = NULL;
  WtScenario *scenario = wt_scenario_load_data ("full.scenario", text, strlen (text), NULL, &error);
  g_assert_no_error (error);
  return scenario;
}

static void
test_full (void)
{
  g_autoptr (WtScenario) self = load (full);
  g_assert_cmpstr (wt_scenario_title (self), ==, "Two hosts");
  g_assert_cmpstr (wt_scenario_description (self), ==, "One\nTwo");
  g_assert_cmpuint (wt_scenario_seed (self), ==, 7);
  g_assert_cmpint (wt_scenario_duration (self), ==, 90 * WT_NSEC_PER_SEC);
  g_assert_cmpint (wt_scenario_start (self), ==, G_GINT64_CONSTANT (1772352000000000));
  g_assert_cmpstr (wt_scenario_label (self, "mail"), ==, "The server");
  g_assert_cmpstr (wt_scenario_label (self, "gate"), ==, "gate");
  g_assert_cmpuint (wt_scenario_hosts (self)->len, ==, 3);
  const WtScenarioHost *mail = wt_scenario_host (self, "mail");
  g_assert_true (mail->placed && mail->x == 96 && mail->y == -12.5);
  g_assert_cmphex (mail->ip, ==, 0x0a000119);
  g_assert_cmpstr (mail->type, ==, "mail-server");
  g_assert_cmpstr (wt_host_config_list (mail->config, "domains")[0], ==, "example.org");
  g_assert_null (wt_scenario_host (self, "gate")->host_class);
  g_assert_null (wt_scenario_host (self, "nobody"));
  const WtScenarioLink *link = g_ptr_array_index (wt_scenario_links (self), 0);
  g_assert_cmpint (link->properties.latency, ==, 2 * WT_NSEC_PER_MSEC);
  g_assert_cmpuint (link->properties.bandwidth, ==, 64000);
  g_assert_cmpuint (link->properties.queue_packets, ==, 5);
  g_assert_cmpfloat (link->properties.loss, ==, 0.015);
}

static void
test_actions (void)
{
  g_autoptr (WtScenario) self = load (full);
  GPtrArray *actions = wt_scenario_actions (self);
  g_assert_cmpuint (actions->len, ==, 3);
  const WtScenarioAction *first = g_ptr_array_index (actions, 0);
  g_assert_cmpint (first->time, ==, 500 * WT_NSEC_PER_MSEC);
  g_assert_cmpstr (first->target, ==, "alice");
  g_assert_cmpstr (first->action, ==, "send-mail");
  g_assert_cmpstr (wt_host_config_string (first->config, "text"), ==, "Hello\nBob");
  const WtScenarioAction *last = g_ptr_array_index (actions, 2);
  g_assert_cmpstr (last->target, ==, "mail -- gate"); /* as the link's own group says */
}

/* What is left out has a sensible value. */
static void
test_defaults (void)
{
  g_autoptr (WtScenario) self = load (HEAD MAIL ALICE LINK "[at 5s alice]\naction=host-down\n");
  const WtScenarioLink *link = g_ptr_array_index (wt_scenario_links (self), 0);
  g_assert_cmpint (link->properties.latency, ==, WT_NSEC_PER_MSEC);
  g_assert_cmpuint (link->properties.bandwidth, ==, 100000000);
  g_assert_cmpuint (link->properties.queue_packets, ==, 64);
  g_assert_cmpfloat (link->properties.loss, ==, 0);
  g_assert_cmpint (wt_scenario_duration (self), ==, 65 * WT_NSEC_PER_SEC);
  g_assert_cmpint (wt_scenario_start (self), ==, G_GINT64_CONSTANT (1767603600000000));
  g_autoptr (WtScenario) untitled = load ("[scenario]\n");
  g_assert_cmpstr (wt_scenario_title (untitled), ==, "full");
  g_autoptr (WtScenario) foreign = load ("\xEF\xBB\xBF[scenario]\r\ntitle=T\r\n");
  g_assert_cmpstr (wt_scenario_title (foreign), ==, "T");
}

static void
test_save (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("wiretalk-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "saved.scenario", NULL);
  g_autofree char *text = NULL;
  g_autoptr (WtScenario) self = load (full);
  g_assert_true (wt_scenario_save (self, path, &error));
  g_assert_cmpstr (wt_scenario_path (self), ==, path);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, full);

  wt_scenario_set_position (self, "mail", 10.25, 20);
  wt_scenario_set_position (self, "gate", -3, 4);
  g_assert_true (wt_scenario_save (self, path, &error));
  g_autoptr (WtScenario) again = wt_scenario_load (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (wt_scenario_host (again, "mail")->x, ==, 10.25);
  g_assert_cmpfloat (wt_scenario_host (again, "gate")->y, ==, 4);
  g_autoptr (GString) expected = g_string_new (full);
  g_string_replace (expected, "position=96;-12.5", "position=10.25;20", 1);
  g_string_replace (expected, "10.0.2.1\n", "10.0.2.1\nposition=-3;4\n", 1);
  g_autofree char *data = wt_scenario_to_data (again, NULL);
  g_assert_cmpstr (data, ==, expected->str);
  g_unlink (path);
  g_assert_false (wt_scenario_save (self, "/nowhere/x.scenario", &error));
  g_assert_nonnull (error);
  g_rmdir (dir);
}

/* Line ends and a missing last one are kept as they were. */
static void
test_save_foreign (void)
{
  static const struct {
    const char *text, *expected;
  } rows[] = {
    { "[scenario]\r\n[host a]\r\ntype=switch\r\n\r\n# end\r\n",
      "[scenario]\r\n[host a]\r\ntype=switch\r\nposition=1;2\r\n\r\n# end\r\n" },
    { "[host a]\ntype=switch\n[scenario]", "[host a]\ntype=switch\nposition=1;2\n[scenario]" },
    { "[scenario]\n[host a]\ntype=switch", "[scenario]\n[host a]\ntype=switch\nposition=1;2\n" },
    { "[scenario]\n  [host a]  \n\t position = 3;4  \n type = switch",
      "[scenario]\n  [host a]  \n\t position=1;2  \n type = switch" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (WtScenario) self = load (rows[i].text);
      wt_scenario_set_position (self, "a", 1, 2);
      g_autofree char *data = wt_scenario_to_data (self, NULL);
      g_assert_cmpstr (data, ==, rows[i].expected);
    }
}

static void
test_branch (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WtScenario) self = load (full);
  const char *keys[] = { "to", "bob@example.org", "text", "one\ntwo", NULL };
  g_autoptr (WtScenario) branch =
      wt_scenario_with_action (self, 5 * WT_NSEC_PER_SEC, "alice", "send-mail", keys, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (wt_scenario_actions (self)->len, ==, 3);
  g_assert_cmpuint (wt_scenario_actions (branch)->len, ==, 4);
  const WtScenarioAction *added = g_ptr_array_index (wt_scenario_actions (branch), 2);
  g_assert_cmpint (added->time, ==, 5 * WT_NSEC_PER_SEC);
  g_assert_cmpstr (wt_host_config_string (added->config, "text"), ==, "one\ntwo");
  g_autofree char *data = wt_scenario_to_data (branch, NULL);
  g_assert_nonnull (strstr (data, "# The server"));

  const char *loss[] = { "loss", "30%", NULL };
  g_autoptr (WtScenario) third =
      wt_scenario_with_action (branch, 100 * WT_NSEC_PER_SEC + 1, "gate -- alice", "link-loss", loss, &error);
  g_assert_no_error (error);
  g_assert_cmpint (wt_scenario_duration (third), ==, 160 * WT_NSEC_PER_SEC + 1);
  const WtScenarioAction *last = g_ptr_array_index (wt_scenario_actions (third), 4);
  g_assert_cmpint (last->time, ==, 100 * WT_NSEC_PER_SEC + 1);
  g_assert_null (wt_scenario_with_action (self, 0, "alice", "fly", NULL, &error));
  g_assert_true (g_pattern_match_simple ("*“fly” is no action here*", error->message));
}

int
main (int argc, char *argv[])
{
  g_setenv ("LANGUAGE", "en", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scenario/broken", test_broken);
  g_test_add_func ("/scenario/all-errors", test_all_errors);
  g_test_add_func ("/scenario/bounds", test_bounds);
  g_test_add_func ("/scenario/full", test_full);
  g_test_add_func ("/scenario/actions", test_actions);
  g_test_add_func ("/scenario/defaults", test_defaults);
  g_test_add_func ("/scenario/save", test_save);
  g_test_add_func ("/scenario/save-foreign", test_save_foreign);
  g_test_add_func ("/scenario/branch", test_branch);
  return g_test_run ();
}
