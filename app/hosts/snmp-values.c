/* What scenarios, and people at the command line, write of SNMP: versions, users, assignments, alarms. */
#include "app/hosts/snmp-values.h"

#include "app/hosts/host.h"

#include <arpa/inet.h>
#include <glib/gi18n.h>
#include <string.h>

static gboolean
refuse (GError **error, const char *text, const char *right)
{
  g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_VALUE, _ ("“%s” %s"), text, right);
  return FALSE;
}

static const struct
{
  const char *name;
  WtSnmpVersion version;
} versions[] = { { "1", WT_SNMP_V1 }, { "2c", WT_SNMP_V2C }, { "3", WT_SNMP_V3 } };

gboolean
wt_snmp_version_parse (const char *text, WtSnmpVersion *version)
{
  for (guint i = 0; i < G_N_ELEMENTS (versions); i++)
    if (strcmp (versions[i].name, text) == 0)
      {
        *version = versions[i].version;
        return TRUE;
      }
  return FALSE;
}

const char *
wt_snmp_version_name (WtSnmpVersion version)
{
  for (guint i = 0; i < G_N_ELEMENTS (versions); i++)
    if (versions[i].version == version)
      return versions[i].name;
  return "?";
}

/* --- users
 * ------------------------------------------------------------------------------------------------------------ */

gboolean
wt_snmp_user_parse (const char *text, char ***parts, WtSnmpUser *user, GError **error)
{
  g_auto (GStrv) words = g_strsplit (text, ":", -1);
  guint n = g_strv_length (words);
  *user = (WtSnmpUser){ .name = words[0] };
  if ((n != 1 && n != 3 && n != 5) || *words[0] == 0)
    return refuse (error, text,
                   _ ("is no SNMP user; write name, name:SHA-256:password or name:SHA-256:password:AES:password"));
  if (n >= 3 && !wt_snmp_auth_parse (words[1], &user->auth))
    return refuse (error, words[1],
                   _ ("is no way to authenticate; write MD5, SHA, SHA-224, SHA-256, SHA-384 or SHA-512"));
  if (n == 5 && !wt_snmp_priv_parse (words[3], &user->priv))
    return refuse (error, words[3], _ ("is no way to encrypt; write DES, AES, AES-192 or AES-256"));
  if ((n >= 3 && strlen (words[2]) < WT_SNMP_PASSWORD_LEAST) || (n == 5 && strlen (words[4]) < WT_SNMP_PASSWORD_LEAST))
    return refuse (error, text, _ ("has a password shorter than 8 bytes (RFC 3414 11.2)"));
  user->auth_password = n >= 3 ? words[2] : NULL;
  user->priv_password = n == 5 ? words[4] : NULL;
  *parts = g_steal_pointer (&words);
  return TRUE;
}

/* --- assignments
 * ------------------------------------------------------------------------------------------------------ */

static gboolean
take_octets (WtSnmpValue *value, GByteArray *buffer, const guint8 *bytes, gsize n_bytes)
{
  g_byte_array_set_size (buffer, 0);
  g_byte_array_append (buffer, bytes, n_bytes);
  value->tag = WT_BER_OCTETS;
  value->octets = (WtSlice){ buffer->data, buffer->len };
  return TRUE;
}

static gboolean
take_hex (const char *text, WtSnmpValue *value, GByteArray *buffer)
{
  gsize length = strlen (text);
  g_byte_array_set_size (buffer, 0);
  for (gsize i = 0; i + 1 < length; i += 2)
    {
      int high = g_ascii_xdigit_value (text[i]), low = g_ascii_xdigit_value (text[i + 1]);
      if (high < 0 || low < 0)
        return FALSE;
      guint8 byte = high << 4 | low;
      g_byte_array_append (buffer, &byte, 1);
    }
  value->tag = WT_BER_OCTETS;
  value->octets = (WtSlice){ buffer->data, buffer->len };
  return length % 2 == 0;
}

static gboolean
take_oid (const char *text, WtSnmpValue *value, GByteArray *buffer)
{
  WtOid oid;
  guint8 bytes[WT_OID_ENCODED_MAX];
  if (!wt_oid_parse (text, &oid))
    return FALSE;
  take_octets (value, buffer, bytes, wt_oid_encode (&oid, bytes));
  value->tag = WT_BER_OID;
  return TRUE;
}

static gboolean
take_number (const char *text, guint8 tag, guint64 most, WtSnmpValue *value)
{
  value->tag = tag;
  return g_ascii_string_to_unsigned (text, 10, 0, most, &value->number, NULL);
}

static gboolean
take_address (const char *text, WtSnmpValue *value)
{
  struct in_addr address;
  if (inet_pton (AF_INET, text, &address) != 1)
    return FALSE;
  value->tag = WT_SNMP_IP_ADDRESS;
  value->number = g_ntohl (address.s_addr);
  return TRUE;
}

/* net-snmp's letters. */
static gboolean
parse_typed (char type, const char *text, WtSnmpValue *value, GByteArray *buffer)
{
  switch (type)
    {
    case 'i':
      value->tag = WT_BER_INTEGER;
      return g_ascii_string_to_signed (text, 10, G_MININT32, G_MAXINT32, &value->integer, NULL);
    case 'u':
      return take_number (text, WT_SNMP_GAUGE32, G_MAXUINT32, value);
    case 'c':
      return take_number (text, WT_SNMP_COUNTER32, G_MAXUINT32, value);
    case 'C':
      return take_number (text, WT_SNMP_COUNTER64, G_MAXUINT64, value);
    case 't':
      return take_number (text, WT_SNMP_TIME_TICKS, G_MAXUINT32, value);
    case 'a':
      return take_address (text, value);
    case 'o':
      return take_oid (text, value, buffer);
    case 's':
      return take_octets (value, buffer, (const guint8 *) text, strlen (text));
    case 'x':
      return take_hex (text, value, buffer);
    default:
      return FALSE;
    }
}

gboolean
wt_snmp_instance_parse (const char *text, WtOid *oid, GError **error)
{
  const WtMib *mib = wt_mib_default ();
  if (!wt_mib_parse (mib, text, oid, error))
    return FALSE;
  const WtMibObject *object = wt_mib_by_oid (mib, oid);
  if (object && object->kind == WT_MIB_SCALAR && object->oid.n == oid->n)
    wt_oid_append (oid, 0);
  return TRUE;
}

gboolean
wt_snmp_assignment_parse (const char *text, WtOid *name, WtSnmpValue *value, GByteArray *buffer, GError **error)
{
  const char *equals = strchr (text, '=');
  const WtMib *mib = wt_mib_default ();
  if (equals == NULL)
    return refuse (error, text, _ ("is no assignment; write sysName.0=gate"));
  g_autofree char *left = g_strstrip (g_strndup (text, equals - text)), *right = g_strstrip (g_strdup (equals + 1));
  if (!wt_snmp_instance_parse (left, name, error))
    return FALSE;
  if (*right && right[1] == ':' && strchr ("iucCtaosx", *right))
    return parse_typed (*right, right + 2, value, buffer)
           || refuse (error, right,
                      _ ("does not fit its type; write i:5, u:5, t:100, a:10.0.0.1, o:1.3.6.1, s:text or x:0aff"));
  const WtMibObject *object = wt_mib_by_oid (mib, name);
  if (object == NULL || object->tag == 0)
    return refuse (error, right, _ ("needs its type, as no MIB module names the object; write i:5, s:text or x:0aff"));
  return wt_mib_value_parse (mib, name, right, value, buffer, error);
}

/* --- alarms
 * ----------------------------------------------------------------------------------------------------------- */

static gboolean
parse_limit (const WtOid *subtree, const char *text, double *limit)
{
  const WtMibObject *object = wt_mib_by_oid (wt_mib_default (), subtree);
  char *end;
  for (guint i = 0; object && i < object->n_enums; i++)
    if (strcmp (object->enums[i].name, text) == 0)
      {
        *limit = object->enums[i].number;
        return TRUE;
      }
  *limit = g_ascii_strtod (text, &end);
  return *text && *end == 0;
}

/* "warning: " in front. Names have no colon but "IF-MIB::ifInOctets", so what is no severity is left to the name. */
static const char *
parse_severity (const char *text, WtNote *severity)
{
  static const struct {
    const char *name;
    WtNote severity;
  } names[] = { { "critical:", WT_NOTE_ERROR }, { "warning:", WT_NOTE_WARNING }, { "info:", WT_NOTE_INFO } };
  *severity = WT_NOTE_ERROR;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_has_prefix (text, names[i].name))
      {
        *severity = names[i].severity;
        return text + strlen (names[i].name);
      }
  return text;
}

/* "80000" of "> 100000 until 80000": a limit on the other side. */
static gboolean
parse_end (WtSnmpAlarm *alarm, const char *text, GError **error)
{
  g_autofree char *end = g_strstrip (g_strdup (text));
  alarm->has_end = TRUE;
  if (!parse_limit (&alarm->subtree, end, &alarm->end))
    return refuse (error, end, _ ("is neither a number nor one of the object's names for its values"));
  if ((alarm->kind == WT_SNMP_ALARM_ABOVE && alarm->end <= alarm->limit)
      || (alarm->kind == WT_SNMP_ALARM_BELOW && alarm->end >= alarm->limit))
    return TRUE;
  return refuse (error, end,
                 _ ("cannot end this alarm: write a number that is lower after >, higher after <, as in ifInOctets > "
                    "100000 until 80000"));
}

gboolean
wt_snmp_alarm_parse (const char *text, WtSnmpAlarm *alarm, GError **error)
{
  *alarm = (WtSnmpAlarm){ 0 };
  const char *condition = parse_severity (text, &alarm->severity);
  gsize at = strcspn (condition, "<>=!");
  g_autofree char *name = g_strstrip (g_strndup (condition, at));
  const char *rest = condition + at;
  alarm->kind = *rest == '<'   ? WT_SNMP_ALARM_BELOW
                : *rest == '>' ? WT_SNMP_ALARM_ABOVE
                : *rest == '=' ? WT_SNMP_ALARM_IS
                               : WT_SNMP_ALARM_IS_NOT;
  if (*rest == 0 || (*rest == '!' && rest[1] != '='))
    return refuse (error, text, _ ("is no alarm; write ifOperStatus != up, ifInOctets > 100000 or hrStorageUsed < 5"));
  rest += *rest == '!' || (*rest == '=' && rest[1] == '=') ? 2 : 1;
  const char *until = strstr (rest, " until ");
  g_autofree char *limit = g_strstrip (until ? g_strndup (rest, until - rest) : g_strdup (rest));
  if (!wt_mib_parse (wt_mib_default (), name, &alarm->subtree, error))
    return FALSE;
  if (!parse_limit (&alarm->subtree, limit, &alarm->limit))
    return refuse (error, limit, _ ("is neither a number nor one of the object's names for its values"));
  return until == NULL || parse_end (alarm, until + strlen (" until "), error);
}

gboolean
wt_snmp_alarm_holds (const WtSnmpAlarm *self, double number, gboolean raised)
{
  double limit = raised && self->has_end ? self->end : self->limit;
  switch (self->kind)
    {
    case WT_SNMP_ALARM_BELOW:
      return number < limit;
    case WT_SNMP_ALARM_ABOVE:
      return number > limit;
    case WT_SNMP_ALARM_IS:
      return number == limit;
    case WT_SNMP_ALARM_IS_NOT:
    default:
      return number != limit;
    }
}

/* --- security levels
 * -------------------------------------------------------------------------------------------------- */

gboolean
wt_snmp_level_parse (const char *text, WtSnmpLevel *level)
{
  for (*level = WT_SNMP_NO_AUTH_NO_PRIV; *level <= WT_SNMP_AUTH_PRIV; (*level)++)
    if (g_ascii_strcasecmp (wt_snmp_level_name (*level), text) == 0)
      return TRUE;
  return FALSE;
}
