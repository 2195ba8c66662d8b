/* Live mode: the scenario without a file, busy ports, and a mail that goes over three servers of a scenario on real
 * sockets into a Maildir. */
#include "app/scenario/live.h"

#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char chain[] = "[scenario]\ntitle=Chain\n"
                            "[host first]\ntype=mail-server\naddress=10.0.1.25\ndomains=a.example\nusers=alice:x\n"
                            "[host hub]\ntype=mail-server\naddress=10.0.2.25\nrelay-domains=b.example\n"
                            "routes=b.example>last\n"
                            "[host last]\ntype=mail-server\naddress=10.0.3.25\ndomains=b.example\nusers=bob:x\n"
                            "[host dns]\ntype=name-server\naddress=10.0.4.53\n"
                            "records=b.example MX 10 hub.example;hub.example A 10.0.2.25;last A 10.0.3.25\n"
                            "[host net]\ntype=switch\n"
                            "[link first -- net]\n[link hub -- net]\n[link last -- net]\n[link dns -- net]\n";

typedef struct {
  char *dir;
  GHashTable *ports;
  WtLiveOptions options;
} Fixture;

static void
fixture_open (Fixture *self)
{
  *self = (Fixture){ .dir = g_dir_make_tmp ("wiretalk-live-XXXXXX", NULL), .ports = g_hash_table_new (g_str_hash, g_str_equal) };
  wt_live_config_defaults (&self->options.net);
  static const char *const names[] = { "smtp", "dns", "pop3", "imap", "submission", "submissions", "pop3s", "imaps", "snmp",
                                       "snmptrap" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_hash_table_insert (self->ports, (gpointer) names[i], GUINT_TO_POINTER (0)); /* any free port */
  self->options.net.ports = self->ports;
  self->options.store_dir = self->dir;
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) entries = g_dir_open (path, 0, NULL);
  const char *name;
  while (entries && (name = g_dir_read_name (entries)))
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);
      if (g_file_test (inner, G_FILE_TEST_IS_DIR))
        remove_all (inner);
      else
        g_unlink (inner);
    }
  g_rmdir (path);
}

static void
fixture_close (Fixture *self)
{
  remove_all (self->dir);
  g_free (self->dir);
  g_hash_table_unref (self->ports);
}

static WtScenario *
load (const char *text)
{
  g_autoptr (GError) error = NULL;
  WtScenario *scenario = wt_scenario_load_data ("test.scenario", text, strlen (text), NULL, &error);
  g_assert_no_error (error);
  return scenario;
}

/* --- a mail program ------------------------------------------------------------------------------------------------- */

static int
connect_to (const WtLiveService *service)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (service->port) };
  struct timeval patience = { 10, 0 };
  g_assert_cmpint (inet_pton (AF_INET, service->address, &address.sin_addr), ==, 1);
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  g_assert_cmpint (connect (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  return fd;
}

/* Says the line and expects a reply that begins so. */
static void
talk (int fd, const char *line, const char *reply)
{
  char text[2048] = { 0 };
  if (line)
    g_assert_cmpint (write (fd, line, strlen (line)), ==, strlen (line));
  gssize n = read (fd, text, sizeof text - 1);
  g_assert_cmpint (n, >, 0);
  if (!g_str_has_prefix (text, reply))
    g_error ("%s: %s, not %s", line ? line : "greeting", text, reply);
}

static void
submit (const WtLiveService *service, const char *to)
{
  g_autofree char *recipient = g_strdup_printf ("RCPT TO:<%s>\r\n", to);
  int fd = connect_to (service);
  talk (fd, NULL, "220 ");
  talk (fd, "EHLO test.example\r\n", "250-");
  talk (fd, "MAIL FROM:<alice@a.example>\r\n", "250 ");
  talk (fd, recipient, "250 ");
  talk (fd, "DATA\r\n", "354 ");
  talk (fd, "Subject: over the hub\r\n\r\nHello\r\n.\r\n", "250 ");
  talk (fd, "QUIT\r\n", "221 ");
  close (fd);
}

static char *
wait_for_mail (const char *new)
{
  for (guint i = 0; i < 5000; i++)
    {
      g_autoptr (GDir) entries = g_dir_open (new, 0, NULL);
      const char *name = entries ? g_dir_read_name (entries) : NULL;
      char *text = NULL;
      g_autofree char *path = name ? g_build_filename (new, name, NULL) : NULL;
      if (path && g_file_get_contents (path, &text, NULL, NULL))
        return text;
      g_usleep (1000);
    }
  return NULL;
}

/* The SMTP service of the nth server. */
static const WtLiveService *
smtp_service (WtLive *live, guint nth)
{
  guint n;
  const WtLiveService *services = wt_live_services (live, &n);
  for (guint i = 0; i < n; i++)
    if (strcmp (services[i].service, "smtp") == 0 && nth-- == 0)
      return &services[i];
  g_assert_not_reached ();
}

/* --- tests ---------------------------------------------------------------------------------------------------------- */

static void
test_default (void)
{
  Fixture self;
  g_autoptr (GError) error = NULL;
  fixture_open (&self);
  g_autoptr (WtScenario) scenario = wt_live_default_scenario ();
  g_autoptr (WtLive) live = wt_live_new (scenario, &self.options, &error);
  g_assert_no_error (error);
  const WtLiveService *service = smtp_service (live, 0);
  g_assert_cmpstr (service->address, ==, "127.0.0.1");
  wt_live_start (live);
  submit (service, "bob@localhost");
  wt_live_stop (live); /* what was accepted is on disk */
  g_autofree char *new = g_build_filename (self.dir, service->host, "bob", "new", NULL);
  g_autofree char *mail = wait_for_mail (new);
  g_assert_nonnull (mail);
  g_assert_true (wt_trace_is_finished (wt_live_trace (live)));
  g_assert_cmpuint (wt_trace_limit (wt_live_trace (live)), ==, WT_LIVE_TRACE_LIMIT);
  g_assert_true (g_file_test (self.dir, G_FILE_TEST_IS_DIR));
  fixture_close (&self);
}

static guint
count_between (WtTrace *trace, const char *from, const char *to, WtProtocol protocol)
{
  guint n = 0;
  for (guint32 id = 1; id <= wt_trace_n_entities (trace); id++)
    {
      const WtEntity *each = wt_trace_entity (trace, id);
      if (each->kind == WT_ENTITY_CONVERSATION && each->protocol == protocol)
        n += strcmp (wt_trace_entity (trace, each->client)->name, from) == 0
             && strcmp (wt_trace_entity (trace, each->server)->name, to) == 0;
    }
  return n;
}

/* Each leg is one conversation between the two hosts, the name server is asked over UDP. */
static void
test_chain (void)
{
  Fixture self;
  g_autoptr (GError) error = NULL;
  fixture_open (&self);
  g_autoptr (WtScenario) scenario = load (chain);
  g_autoptr (WtLive) live = wt_live_new (scenario, &self.options, &error);
  g_assert_no_error (error);
  const WtLiveService *service = smtp_service (live, 0);
  g_assert_cmpstr (service->host, ==, "first");
  g_assert_cmpstr (service->address, ==, "127.0.1.25");
  g_assert_cmpstr (smtp_service (live, 2)->host, ==, "last");
  wt_live_start (live);
  submit (service, "bob@b.example");
  g_autofree char *new = g_build_filename (self.dir, "last", "bob", "new", NULL);
  g_autofree char *mail = wait_for_mail (new);
  g_assert_nonnull (mail);
  g_assert_nonnull (strstr (mail, "\nSubject: over the hub\n\nHello\n"));
  wt_live_stop (live);
  WtTrace *trace = wt_live_trace (live);
  g_assert_cmpuint (count_between (trace, "127.0.0.1", "first", WT_PROTOCOL_SMTP), ==, 1);
  g_assert_cmpuint (count_between (trace, "first", "hub", WT_PROTOCOL_SMTP), ==, 1);
  g_assert_cmpuint (count_between (trace, "hub", "last", WT_PROTOCOL_SMTP), ==, 1);
  g_assert_cmpuint (count_between (trace, "first", "dns", WT_PROTOCOL_DNS), >=, 1);
  g_assert_cmpuint (count_between (trace, "127.0.0.1", "hub", WT_PROTOCOL_SMTP), ==, 0);
  fixture_close (&self);
}

static gpointer
stop (gpointer live)
{
  wt_live_stop (live);
  return NULL;
}

/* Everybody who is in hears 421. */
static void
test_stop (void)
{
  Fixture self;
  fixture_open (&self);
  g_autoptr (WtScenario) scenario = wt_live_default_scenario ();
  g_autoptr (WtLive) live = wt_live_new (scenario, &self.options, NULL);
  wt_live_start (live);
  int fd = connect_to (smtp_service (live, 0));
  talk (fd, NULL, "220 ");
  GThread *stopper = g_thread_new ("stop", stop, live);
  talk (fd, NULL, "421 ");
  close (fd);
  g_thread_join (stopper);
  fixture_close (&self);
}

/* TRUE when a note with that text came. */
static gboolean
wait_for_note (WtTrace *trace, const char *text)
{
  for (guint tries = 0; tries < 5000; tries++)
    {
      gboolean found = FALSE;
      wt_trace_read_lock (trace);
      for (guint32 i = 0; i < wt_trace_list_length (trace, WT_LIST_NOTES) && !found; i++)
        {
          gsize n_bytes;
          const WtEvent *event = wt_trace_event (trace, wt_trace_list_nth (trace, WT_LIST_NOTES, i));
          const guint8 *bytes = wt_event_bytes (event, &n_bytes);
          found = bytes && g_strstr_len ((const char *) bytes, n_bytes, text);
        }
      wt_trace_read_unlock (trace);
      if (found)
        return TRUE;
      g_usleep (1000);
    }
  return FALSE;
}

/* A person makes a host do something while it runs. */
static void
test_act (void)
{
  static const struct {
    const char *host, *action, *keys[5], *note, *error; /* one of the two */
  } deeds[] = {
    { "station", "snmp-get", { "target", "gate", "objects", "sysName" }, "gate has answered: sysName.0 = gate", NULL },
    { "station", "snmp-table", { "target", "gate", "objects", "sysName" }, "“sysName” is no table", NULL },
    { "station", "snmp-get", { "target", "gate" }, NULL, "objects" },
    { "station", "fly", { "target", "gate" }, NULL, "fly" },
    { "nobody", "snmp-get", { "target", "gate", "objects", "sysName" }, NULL, "nobody" },
    { "gate", "host-down", { NULL }, NULL, "not possible in live mode" },
  };
  Fixture self;
  fixture_open (&self);
  g_autoptr (WtScenario) scenario
      = load ("[scenario]\ntitle=Ask\n[host station]\ntype=management-station\naddress=10.0.1.1\n"
              "[host gate]\ntype=managed-device\naddress=10.0.1.2\n[link station -- gate]\n"
              "[at 5s station]\naction=snmp-get\ntarget=gate\nobjects=sysDescr\n");
  g_autoptr (WtLive) live = wt_live_new (scenario, &self.options, NULL);
  g_assert_nonnull (live);
  wt_live_start (live);
  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      g_autoptr (GError) error = NULL;
      g_test_message ("%s of %s", deeds[i].action, deeds[i].host);
      g_assert_cmpint (wt_live_act (live, deeds[i].host, deeds[i].action, deeds[i].keys, &error), ==, deeds[i].error == NULL);
      if (deeds[i].error)
        g_assert_nonnull (strstr (error->message, deeds[i].error));
      else
        g_assert_true (wait_for_note (wt_live_trace (live), deeds[i].note));
    }
  wt_live_stop (live);
  fixture_close (&self);
}

static void
test_busy_port (void)
{
  Fixture self;
  g_autoptr (GError) error = NULL;
  fixture_open (&self);
  g_autoptr (WtScenario) scenario = wt_live_default_scenario ();
  g_autoptr (WtLive) live = wt_live_new (scenario, &self.options, NULL);
  guint port = smtp_service (live, 0)->port;
  g_hash_table_insert (self.ports, (gpointer) "smtp", GUINT_TO_POINTER (port));
  g_assert_null (wt_live_new (scenario, &self.options, &error));
  g_autofree char *place = g_strdup_printf ("smtp of mail (127.0.0.1 port %u)", port);
  g_assert_nonnull (strstr (error->message, place));
  fixture_close (&self);
}

static void
test_bad_options (void)
{
  Fixture self;
  g_autoptr (GError) error = NULL;
  fixture_open (&self);
  g_autoptr (WtScenario) scenario = wt_live_default_scenario ();
  self.options.relay = "not a host";
  g_assert_null (wt_live_new (scenario, &self.options, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  self.options.relay = "no-such-host.invalid:25"; /* RFC 6761 6.4: never there */
  g_assert_null (wt_live_new (scenario, &self.options, &error));
  g_assert_nonnull (strstr (error->message, "no-such-host.invalid"));
  g_clear_error (&error);
  self.options.relay = NULL;
  self.options.store_dir = "/dev/null/mail";
  g_assert_null (wt_live_new (scenario, &self.options, &error));
  g_assert_nonnull (strstr (error->message, "/dev/null/mail"));
  fixture_close (&self);
}

int
main (int argc, char **argv)
{
  g_autofree char *data = g_dir_make_tmp ("wiretalk-data-XXXXXX", NULL); /* the certificate of live mode */
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/live/default", test_default);
  g_test_add_func ("/live/chain", test_chain);
  g_test_add_func ("/live/stop", test_stop);
  g_test_add_func ("/live/act", test_act);
  g_test_add_func ("/live/busy-port", test_busy_port);
  g_test_add_func ("/live/bad-options", test_bad_options);
  int result = g_test_run ();
  remove_all (data);
  return result;
}
