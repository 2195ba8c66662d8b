/* Any text as the value of a key of each type, and through the parsers of SNMP's that the command line uses, too: it fits, or
 * the error says in words why not; what fits can be used. */
#include "app/hosts/key-check.h"
#include "app/hosts/snmp-values.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes);

static void
check_error (gboolean fits, const GError *error)
{
  g_assert_true (fits == (error == NULL));
  g_assert_true (fits || (*error->message && g_utf8_validate (error->message, -1, NULL)));
}

static void
check_key (WtKeyType type, const char *text)
{
  WtKeyValue value = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean fits = wt_key_check (type, text, &value, &error);
  check_error (fits, error);
  wt_key_value_clear (&value);
}

static void
check_user (const char *text)
{
  g_auto (GStrv) parts = NULL;
  g_autoptr (GError) error = NULL;
  WtSnmpUser user;
  gboolean fits = wt_snmp_user_parse (text, &parts, &user, &error);
  check_error (fits, error);
  if (fits)
    g_assert_true (*user.name && (user.priv == WT_SNMP_PRIV_NONE || user.auth != WT_SNMP_AUTH_NONE));
}

static void
check_assignment (const char *text)
{
  g_autoptr (GByteArray) buffer = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  WtSnmpValue value;
  WtOid name;
  gboolean fits = wt_snmp_assignment_parse (text, &name, &value, buffer, &error);
  check_error (fits, error);
  if (fits)
    g_free (wt_mib_value_to_string (wt_mib_default (), &name, &value));
}

static void
check_instance (const char *text)
{
  g_autoptr (GError) error = NULL;
  WtOid oid;
  gboolean fits = wt_snmp_instance_parse (text, &oid, &error);
  check_error (fits, error);
  if (fits)
    g_free (wt_mib_oid_to_string (wt_mib_default (), &oid));
}

static void
check_alarm (const char *text)
{
  g_autoptr (GError) error = NULL;
  WtSnmpAlarm alarm;
  gboolean fits = wt_snmp_alarm_parse (text, &alarm, &error);
  check_error (fits, error);
  if (fits && alarm.kind == WT_SNMP_ALARM_IS)
    g_assert_true (wt_snmp_alarm_holds (&alarm, alarm.limit, FALSE));
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes)
{
  g_autofree char *text = g_utf8_make_valid ((const char *) bytes, n_bytes);
  for (WtKeyType type = WT_KEY_STRING; type < WT_N_KEY_TYPES; type++)
    check_key (type, text);
  check_user (text);
  check_assignment (text);
  check_instance (text);
  check_alarm (text);
  return 0;
}
