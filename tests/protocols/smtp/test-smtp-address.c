/* Paths of MAIL and RCPT: the grammar of RFC 5321 4.1.2, 4.1.3 and RFC 6531 3.3. */
#include "protocols/smtp/smtp-address.h"

#include <string.h>

#define MAIL (WT_SMTP_PATH_ALLOW_NULL | WT_SMTP_PATH_UTF8)
#define RCPT WT_SMTP_PATH_ALLOW_POSTMASTER
#define LABEL_63 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"
#define LOCAL_64 LABEL_63 "x"

static const struct {
  const char *text;
  WtSmtpPathFlags flags;
  gssize end;             /* after '>'; -1: not a path */
  const char *local_part, *domain, *source_route;
} paths[] = {
  { "<a@example.org>", MAIL, 15, "a", "example.org", NULL },
  { "<a@example.org> SIZE=1", MAIL, 15, "a", "example.org", NULL },
  { "<A.b+c@EXAMPLE.org>", RCPT, 19, "A.b+c", "example.org", NULL },
  { "<>", MAIL, 2, "", "", NULL },
  { "<>", RCPT, -1, NULL, NULL, NULL },
  { "<Postmaster>", RCPT, 12, "Postmaster", "", NULL },
  { "<postMASTER>", RCPT, 12, "postMASTER", "", NULL },
  { "<Postmaster>", MAIL, -1, NULL, NULL, NULL },
  { "<webmaster>", RCPT, -1, NULL, NULL, NULL },
  { "<@a.example,@b.example:c@d.example>", RCPT, 35, "c", "d.example", "@a.example,@b.example" },
  { "<@a.example:>", RCPT, -1, NULL, NULL, NULL },
  { "<\"a b\"@example.org>", RCPT, 19, "a b", "example.org", NULL },
  { "<\"a\\\"b\\\\\"@example.org>", RCPT, 22, "a\"b\\", "example.org", NULL },
  { "<\"\"@example.org>", RCPT, 16, "", "example.org", NULL },
  { "<\"a@example.org>", RCPT, -1, NULL, NULL, NULL },
  { "<a@[127.0.0.1]>", RCPT, 15, "a", "[127.0.0.1]", NULL },
  { "<a@[127.0.0.256]>", RCPT, -1, NULL, NULL, NULL },
  { "<a@[IPv6:2001:db8::1]>", RCPT, 22, "a", "[ipv6:2001:db8::1]", NULL },
  { "<a@[IPv6:2001:db8:::1]>", RCPT, -1, NULL, NULL, NULL },
  { "<.a@example.org>", RCPT, -1, NULL, NULL, NULL },
  { "<a.@example.org>", RCPT, -1, NULL, NULL, NULL },
  { "<a..b@example.org>", RCPT, -1, NULL, NULL, NULL },
  { "<a b@example.org>", RCPT, -1, NULL, NULL, NULL },
  { "<a@>", RCPT, -1, NULL, NULL, NULL },
  { "<@example.org>", RCPT, -1, NULL, NULL, NULL },
  { "<a@-example.org>", RCPT, -1, NULL, NULL, NULL },
  { "<a@example..org>", RCPT, -1, NULL, NULL, NULL },
  { "<a@" LABEL_63 ".org>", RCPT, 71, "a", LABEL_63 ".org", NULL },
  { "<a@" LABEL_63 "x.org>", RCPT, -1, NULL, NULL, NULL },
  { "<" LOCAL_64 "@b.org>", RCPT, 72, LOCAL_64, "b.org", NULL },
  { "<" LOCAL_64 "x@b.org>", RCPT, -1, NULL, NULL, NULL },
  { "<a@example.org", RCPT, -1, NULL, NULL, NULL },
  { "a@example.org", RCPT, -1, NULL, NULL, NULL },
  { "", RCPT, -1, NULL, NULL, NULL },
  { "<jos\xc3\xa9@example.org>", MAIL, 19, "jos\xc3\xa9", "example.org", NULL },
  { "<jos\xc3\xa9@example.org>", RCPT, -1, NULL, NULL, NULL },
  { "<jos\xc3@example.org>", MAIL, -1, NULL, NULL, NULL },
};

static void
test_paths (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      WtSmtpPath path = { 0 };
      gsize end = 0;
      const char *problem = NULL;
      gboolean valid = wt_smtp_path_parse ((const guint8 *) paths[i].text, strlen (paths[i].text), paths[i].flags, &path,
                                           &end, &problem);
      g_autofree char *shown = g_strescape (paths[i].text, NULL);
      g_test_message ("%s: %s", shown, problem ? problem : "fine");
      g_assert_cmpint (valid, ==, paths[i].end >= 0);
      if (valid)
        {
          g_assert_cmpuint (end, ==, paths[i].end);
          g_assert_cmpstr (path.local_part, ==, paths[i].local_part);
          g_assert_cmpstr (path.domain, ==, paths[i].domain);
          g_assert_cmpstr (path.source_route, ==, paths[i].source_route);
        }
      else
        g_assert_nonnull (problem);
      wt_smtp_path_clear (&path);
    }
}

/* What is written is read as the same again. */
static void
test_round_trip (void)
{
  static const char *const locals[] = { "a", "a.b", "a b", "a\"b", ".a", "a..b", "a\\", "", "jos\xc3\xa9", "@" };
  for (gsize i = 0; i < G_N_ELEMENTS (locals); i++)
    {
      g_autoptr (WtSmtpPath) path = wt_smtp_path_new (locals[i], "example.org");
      g_autofree char *mailbox = wt_smtp_path_to_string (path);
      const char *problem = NULL;
      g_autoptr (WtSmtpPath) again = wt_smtp_mailbox_parse (mailbox, &problem);
      g_test_message ("%s", mailbox);
      g_assert_nonnull (again);
      g_assert_cmpstr (again->local_part, ==, locals[i]);
      g_assert_cmpstr (again->domain, ==, "example.org");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/smtp-address/paths", test_paths);
  g_test_add_func ("/smtp-address/round-trip", test_round_trip);
  return g_test_run ();
}
