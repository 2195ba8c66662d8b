/* Values of keys: what fits, and what is said when it does not. */
#include "app/hosts/key-check.h"
#include "app/hosts/units.h"
#include "tests/app/hosts/net.h"

static const struct {
  const char *text;
  gint64 ns;         /* -1: does not fit */
  const char *wrong; /* (nullable) part of what is said then */
} times[] = {
  { "0", 0, NULL },
  { "5s", 5 * SEC, NULL },
  { "1.5s", 3 * SEC / 2, NULL },
  { "200ms", 200 * WT_NSEC_PER_MSEC, NULL },
  { "30us", 30000, NULL },
  { "7 ns", 7, NULL },
  { "10min", 600 * SEC, NULL },
  { "1h", 3600 * SEC, NULL },
  { "2d", 2 * 86400 * SEC, NULL },
  { "5", -1, "has no unit; write 5s or 5ms" },
  { "5m", -1, "has no unit of time" },
  { "-5s", -1, "is not a time" },
  { "soon", -1, "is not a time" },
  { "", -1, "is not a time" },
  { "1e300s", -1, "too long" },
  { "99999999d", -1, "too long" },
};

static void
test_times (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_autoptr (GError) error = NULL;
      gint64 ns = -1;
      g_assert_cmpint (wt_parse_time (times[i].text, &ns, &error), ==, times[i].wrong == NULL);
      g_assert_cmpint (ns, ==, times[i].ns);
      if (times[i].wrong)
        assert_holds (error->message, times[i].wrong);
    }
}

static const struct {
  const char *text;
  gint64 bytes; /* -1: does not fit */
} sizes[] = {
  { "0", 0 },        { "4096", 4096 },     { "4096B", 4096 }, { "1KiB", 1024 }, { "10MiB", 10485760 },
  { "1.5MB", 1500000 }, { "2GB", 2000000000 }, { "1kB", 1000 },  { "", -1 },       { "10MB of mail", -1 },
  { "-1", -1 },      { "huge", -1 },       { "1e30GiB", -1 },
};

static void
test_sizes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      gint64 bytes = -1;
      g_assert_cmpint (wt_parse_size (sizes[i].text, &bytes, NULL), ==, sizes[i].bytes >= 0);
      g_assert_cmpint (bytes, ==, sizes[i].bytes);
    }
}

static const struct {
  const char *text;
  const char *host; /* (nullable): does not fit */
  guint16 port;
} endpoints[] = {
  { "mail.example.org", "mail.example.org", 25 },
  { "mail.example.org:2525", "mail.example.org", 2525 },
  { "127.0.0.1:65535", "127.0.0.1", 65535 },
  { "10.0.0.1", "10.0.0.1", 25 },
  { "mail:0", NULL, 25 },
  { "mail:65536", NULL, 25 },
  { "mail:", NULL, 25 },
  { "mail:25x", NULL, 25 },
  { ":25", NULL, 25 },
  { "", NULL, 25 },
  { "a b", NULL, 25 },
};

static void
test_endpoints (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (endpoints); i++)
    {
      g_autofree char *host = NULL;
      guint16 port = 25;
      g_assert_cmpint (wt_parse_endpoint (endpoints[i].text, &host, &port), ==, endpoints[i].host != NULL);
      g_assert_cmpstr (host, ==, endpoints[i].host);
      g_assert_cmpuint (port, ==, endpoints[i].port);
    }
}

static const struct {
  const char *text;
  const char *inside, *outside; /* (nullable): does not fit */
} networks[] = {
  { "10.0.1.0/24", "10.0.1.255", "10.0.2.0" }, { "10.0.1.7", "10.0.1.7", "10.0.1.8" },
  { "10.0.1.7/24", "10.0.1.1", "10.0.2.7" },   { "0.0.0.0/0", "255.1.2.3", NULL },
  { "10.0.1.0/33", NULL, NULL },               { "10.0.1.0/", NULL, NULL },
  { "10.0.1/24", NULL, NULL },                 { "10.0.1.0/-1", NULL, NULL },
};

static void
test_networks (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (networks); i++)
    {
      guint32 ip, mask, address;
      gboolean good = wt_parse_network (networks[i].text, &ip, &mask);
      g_assert_cmpint (good, ==, networks[i].inside != NULL);
      if (networks[i].inside && wt_parse_ipv4 (networks[i].inside, &address))
        g_assert_cmpuint (address & mask, ==, ip & mask);
      if (networks[i].outside && wt_parse_ipv4 (networks[i].outside, &address))
        g_assert_cmpuint (address & mask, !=, ip & mask);
    }
}

/* A value of each type that fits, and one that does not with what is said. */
static const struct {
  WtKeyType type;
  const char *good, *bad, *said;
} values[] = {
  { WT_KEY_NAME, "mail.example.org", "mail..org", "is no host name or address" },
  { WT_KEY_ENDPOINTS, "gate;10.0.0.1:1161", "gate;10.0.0.1:0", "“10.0.0.1:0” is no host with a port" },
  { WT_KEY_OBJECTS, "sysUpTime;ifInOctets.2;1.3.6.1.2.1", "sysUpTime;noSuchThing", NULL },
  { WT_KEY_ASSIGNMENTS, "sysName.0=gate;ifAdminStatus.2=down;1.3.6.1.4.1.9.1.0=i:-5", "sysName.0", "is no assignment" },
  { WT_KEY_ASSIGNMENTS, "1.3.6.1.4.1.9.1.0=x:0aff", "1.3.6.1.4.1.9.1.0=5", "needs its type" },
  { WT_KEY_ASSIGNMENTS, "1.3.6.1.4.1.9.1.0=a:10.0.0.1", "1.3.6.1.4.1.9.1.0=x:0af", "does not fit its type" },
  { WT_KEY_ASSIGNMENTS, "1.3.6.1.4.1.9.1.0=o:1.3.6.1", "1.3.6.1.4.1.9.1.0=c:-1", "does not fit its type" },
  { WT_KEY_ALARMS, "ifOperStatus != up;ifInOctets > 1e5;ifSpeed=0", "ifOperStatus", "is no alarm" },
  { WT_KEY_ALARMS, "ifOperStatus<2", "ifOperStatus = blue", "“blue” is neither a number" },
  { WT_KEY_SNMP_VERSION, "2c", "2", "is no version of SNMP; write 1, 2c or 3" },
  { WT_KEY_SNMP_LEVEL, "authNoPriv", "secret", "is no security level; write noAuthNoPriv, authNoPriv or authPriv" },
  { WT_KEY_SNMP_LEVEL, "authpriv", "", "is no security level" },
  { WT_KEY_ALARMS, "warning: ifInOctets > 100000 until 80000", "urgent: ifInOctets > 5", "“urgent: ifInOctets” is no object" },
  { WT_KEY_ALARMS, "prtMarkerSuppliesLevel < 10 until 20", "prtMarkerSuppliesLevel < 10 until 5", "cannot end this alarm" },
  { WT_KEY_ALARMS, "info:IF-MIB::ifInOctets>5", "ifInOctets > 5 until 6", "cannot end this alarm" },
  { WT_KEY_ALARMS, "ifOperStatus != up", "ifOperStatus != up until down", "cannot end this alarm" },
  { WT_KEY_ALARMS, "ifInOctets > 5 until 4.5", "ifInOctets > 5 until soon", "is neither a number" },
  { WT_KEY_SNMP_USERS, "a;b:SHA-256:wiretalk123;c:MD5:wiretalk123:DES:wiretalk123", "b:SHA-256", "is no SNMP user" },
  { WT_KEY_SNMP_USERS, "b:sha:wiretalk123", "b:ROT13:wiretalk123", "“ROT13” is no way to authenticate" },
  { WT_KEY_SNMP_USERS, "b:sha:12345678", "b:sha:1234567", "has a password shorter than 8 bytes" },
  { WT_KEY_HOST, "mail", "", "is no host" },
  { WT_KEY_MAILBOX, "alice@example.org", "alice", "is not a mailbox; write name@example.org" },
  { WT_KEY_MAILBOXES, "a@b.example; \"c d\"@[10.0.0.1] ;", "a@b.example;c", "“c” is not a mailbox" },
  { WT_KEY_DOMAINS, "example.org;example.net", "example.org;[10.0.0.1]", "“[10.0.0.1]” is not a domain" },
  { WT_KEY_USERS, "alice:secret;bob:secret:10MiB;carol", "alice:x:big", "“big” is not a size" },
  { WT_KEY_USERS, "alice", "../alice:x", "is not a user" },
  { WT_KEY_ALIASES, "all>alice, bob@example.org", "all", "is not an alias; write alias>name" },
  { WT_KEY_RECORDS, "example.org MX 10 mail.example.org", "example.org MX mail", NULL },
  { WT_KEY_BOOLEAN, "yes", "maybe", "is neither true nor false" },
  { WT_KEY_NUMBER, "2147483647", "2147483648", "is not a number" },
  { WT_KEY_NUMBER, "0", "-1", "is not a number" },
  { WT_KEY_SIZE, "10MiB", "10 apples", "is not a size" },
  { WT_KEY_TIME, "10min", "10", "has no unit" },
  { WT_KEY_EXTENSIONS, "PIPELINING;size", "PIPELINING;STARTLS", "“STARTLS” is no extension" },
  { WT_KEY_MECHANISMS, "SCRAM-SHA-256;plain", "SCRAM-SHA-257", "“SCRAM-SHA-257” is no mechanism" },
  { WT_KEY_MECHANISMS, "none", "nobody", "LOGIN, all or none" },
  { WT_KEY_TLS, "Opportunistic", "perhaps", "is no use of TLS; write off, opportunistic, required or implicit" },
  { WT_KEY_FETCH, "IMAP", "smtp", "is neither pop3 nor imap" },
  { WT_KEY_TALK, "smtp", "snmp", "is no mail protocol; write smtp, lmtp, pop3 or imap" },
  { WT_KEY_FLAGS, "seen;Flagged", "seen;read", "“read” is no flag" },
  { WT_KEY_TEXT, "one\\ntwo", "\\377", "has an escape" },
  { WT_KEY_ENDPOINT, "10.0.0.1:25", "10.0.0.1:x", "is no host with a port" },
  { WT_KEY_ROUTES, "example.org>10.0.1.25:2525", "example.org", "is not a route" },
  { WT_KEY_NETWORKS, "10.0.1.0/24;10.0.2.7", "10.0.1", "is not a network" },
};

static void
test_values (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      WtKeyValue value = { 0 };
      g_autoptr (GError) error = NULL;
      g_assert_true (wt_key_check (values[i].type, values[i].good, &value, &error));
      g_assert_no_error (error);
      g_assert_true (value.given);
      g_autofree char *text = g_strdup (value.text);
      if (wt_key_check (values[i].type, values[i].bad, &value, &error))
        g_error ("row %u: “%s” was taken", i, values[i].bad);
      if (values[i].said)
        assert_holds (error->message, values[i].said);
      g_assert_cmpstr (value.text, ==, text); /* as it was */
      wt_key_value_clear (&value);
    }
}

static void
test_config (void)
{
  const WtHostClass *server = wt_host_class_by_type ("mail-server");
  g_autoptr (WtHostConfig) config = wt_host_config_new (server->keys);
  g_autoptr (GError) error = NULL;
  g_assert_cmpint (wt_host_config_number (config, "retry"), ==, 60 * SEC); /* the fallback */
  g_assert_false (wt_host_config_has (config, "retry"));
  g_assert_null (wt_host_config_list (config, "domains")[0]);
  g_assert_true (wt_host_config_set (config, "domains", "a.example; b.example", &error));
  g_assert_cmpstr (wt_host_config_list (config, "domains")[1], ==, "b.example");
  g_assert_false (wt_host_config_set (config, "domain", "a.example", &error));
  g_assert_error (error, WT_HOST_ERROR, WT_HOST_ERROR_UNKNOWN_KEY);
  assert_holds (error->message, "unknown key “domain”; known here: hostname, domains");
}

/* Every type has what the loader, the canvas and the help want. */
static void
test_classes (void)
{
  for (const WtHostClass *const *each = wt_host_classes (); *each; each++)
    {
      g_assert_true (wt_host_class_by_type ((*each)->type) == *each);
      g_assert_true (g_str_has_suffix ((*each)->icon, "-symbolic"));
      for (const WtKey *key = (*each)->keys; key->name; key++)
        g_assert_nonnull (key->help);
      for (const WtActionClass *action = (*each)->actions; action->name; action++)
        g_assert_nonnull (action->help);
      g_autoptr (WtHostConfig) config = wt_host_config_new ((*each)->keys); /* checks the fallbacks */
    }
  g_assert_null (wt_host_class_by_type ("toaster"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hosts/keys/times", test_times);
  g_test_add_func ("/hosts/keys/sizes", test_sizes);
  g_test_add_func ("/hosts/keys/endpoints", test_endpoints);
  g_test_add_func ("/hosts/keys/networks", test_networks);
  g_test_add_func ("/hosts/keys/values", test_values);
  g_test_add_func ("/hosts/keys/config", test_config);
  g_test_add_func ("/hosts/keys/classes", test_classes);
  return g_test_run ();
}
