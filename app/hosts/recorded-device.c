/* Recordings of devices, line by line. */
#include "app/hosts/recorded-device.h"

#include <arpa/inet.h>
#include <glib/gi18n.h>
#include <string.h>

G_DEFINE_QUARK (wt - recording - error - quark, wt_recording_error)

typedef struct {
  const char *name;
  const char *at, *end;
  guint line; /* of what `text` holds */
  GString *text;
  GByteArray *octets; /* of the value that is read */
  WtManagedObjects *objects;
} Reader;

static gboolean
fail (const Reader *self, GError **error, const char *what)
{
  g_autofree char *found = g_utf8_make_valid (self->text->str, MIN (self->text->len, 60));
  g_set_error (error, WT_RECORDING_ERROR, WT_RECORDING_ERROR_SYNTAX, "%s:%u: “%s” %s", self->name, self->line, found,
               what);
  return FALSE;
}

/* The next line into `text`, without its end. */
static gboolean
next_line (Reader *self)
{
  if (self->at >= self->end)
    return FALSE;
  const char *end = memchr (self->at, '\n', self->end - self->at);
  gsize length = (end ? end : self->end) - self->at;
  g_string_truncate (self->text, 0);
  g_string_append_len (self->text, self->at, length);
  if (self->text->len && self->text->str[self->text->len - 1] == '\r')
    g_string_truncate (self->text, self->text->len - 1);
  self->at += length + (end != NULL);
  self->line++;
  return TRUE;
}

/* --- values ------------------------------------------------------------------------------------------------------ */

static void
take_octets (Reader *self, guint8 tag, WtSnmpValue *value)
{
  value->tag = tag;
  value->octets = (WtSlice){ self->octets->data ? self->octets->data : (const guint8 *) "", self->octets->len };
}

static gboolean
take_number (guint8 tag, const char *text, WtSnmpValue *value)
{
  value->tag = tag;
  if (tag == WT_BER_INTEGER)
    return g_ascii_string_to_signed (text, 10, G_MININT32, G_MAXINT32, &value->integer, NULL);
  return g_ascii_string_to_unsigned (text, 10, 0, tag == WT_SNMP_COUNTER64 ? G_MAXUINT64 : G_MAXUINT32, &value->number,
                                     NULL);
}

static gboolean
take_address (const char *text, WtSnmpValue *value)
{
  struct in_addr address;
  value->tag = WT_SNMP_IP_ADDRESS;
  if (inet_pton (AF_INET, text, &address) != 1)
    return FALSE;
  value->number = g_ntohl (address.s_addr);
  return TRUE;
}

static gboolean
take_oid (Reader *self, const char *text, WtSnmpValue *value)
{
  WtOid oid;
  if (!wt_oid_parse (text, &oid))
    return FALSE;
  g_byte_array_set_size (self->octets, WT_OID_ENCODED_MAX);
  g_byte_array_set_size (self->octets, wt_oid_encode (&oid, self->octets->data));
  take_octets (self, WT_BER_OID, value);
  return TRUE;
}

/* Hexadecimal digits, in pairs, with or without blanks and colons between. */
static gboolean
take_hex (Reader *self, guint8 tag, const char *text, WtSnmpValue *value)
{
  g_byte_array_set_size (self->octets, 0);
  for (const char *c = text; *c; c++)
    {
      if (*c == ' ' || *c == ':' || *c == '\n')
        continue;
      int high = g_ascii_xdigit_value (c[0]), low = high < 0 ? -1 : g_ascii_xdigit_value (c[1]);
      if (low < 0)
        return FALSE;
      guint8 byte = high << 4 | low;
      g_byte_array_append (self->octets, &byte, 1);
      c++;
    }
  take_octets (self, tag, value);
  return TRUE;
}

static gboolean
take_text (Reader *self, guint8 tag, const char *text, gsize length, WtSnmpValue *value)
{
  g_byte_array_set_size (self->octets, 0);
  g_byte_array_append (self->octets, (const guint8 *) text, length);
  take_octets (self, tag, value);
  return TRUE;
}

static gboolean
put (Reader *self, const WtOid *name, const WtSnmpValue *value, GError **error)
{
  return wt_managed_objects_put (self->objects, name, value)
         || fail (self, error, _ ("is one variable too many; a recording has at most 1000000"));
}

/* --- .snmprec ---------------------------------------------------------------------------------------------------- */

static gboolean
rec_value (Reader *self, guint64 tag, gboolean hex, const char *text, WtSnmpValue *value)
{
  switch (tag)
    {
    case WT_BER_OCTETS:
    case WT_SNMP_OPAQUE:
      return hex ? take_hex (self, tag, text, value) : take_text (self, tag, text, strlen (text), value);
    case WT_BER_OID:
      return take_oid (self, text, value);
    case WT_SNMP_IP_ADDRESS:
      if (!hex)
        return take_address (text, value);
      if (!take_hex (self, tag, text, value) || self->octets->len != 4)
        return FALSE;
      value->number = (guint32) self->octets->data[0] << 24 | self->octets->data[1] << 16 | self->octets->data[2] << 8
                      | self->octets->data[3];
      return TRUE;
    case WT_BER_NULL:
      value->tag = WT_BER_NULL;
      return TRUE;
    default:
      return take_number (tag, text, value);
    }
}

static gboolean
is_tag (guint64 tag)
{
  return tag == WT_BER_INTEGER || tag == WT_BER_OCTETS || tag == WT_BER_NULL || tag == WT_BER_OID
         || (tag >= WT_SNMP_IP_ADDRESS && tag <= WT_SNMP_OPAQUE) || tag == WT_SNMP_COUNTER64;
}

static gboolean
read_rec_line (Reader *self, GError **error)
{
  WtOid name;
  WtSnmpValue value;
  g_auto (GStrv) parts = g_strsplit (self->text->str, "|", 3);
  if (g_strv_length (parts) != 3 || !wt_oid_parse (parts[0], &name))
    return fail (self, error, _ ("is no line of a .snmprec file; write 1.3.6.1.2.1.1.5.0|4|gate"));
  gsize length = strlen (parts[1]);
  gboolean hex = length && parts[1][length - 1] == 'x';
  g_autofree char *digits = g_strndup (parts[1], length - hex);
  guint64 tag;
  if (strchr (parts[1], ':'))
    return fail (self, error, _ ("asks for a variation module, which only snmpsim has; write the tag alone: 65"));
  if (!g_ascii_string_to_unsigned (digits, 10, 0, 255, &tag, NULL) || !is_tag (tag))
    return fail (self, error, _ ("has a tag that is none of 2, 4, 4x, 5, 6, 64, 65, 66, 67, 68, 70"));
  if (!rec_value (self, tag, hex, parts[2], &value))
    return fail (self, error, _ ("has a value that does not fit its tag"));
  return put (self, &name, &value, error);
}

/* --- snmpwalk ---------------------------------------------------------------------------------------------------- */

static const struct {
  const char *word;
  guint8 tag;
} walk_types[] = {
  { "INTEGER", WT_BER_INTEGER },
  { "Integer32", WT_BER_INTEGER },
  { "Counter32", WT_SNMP_COUNTER32 },
  { "Gauge32", WT_SNMP_GAUGE32 },
  { "Unsigned32", WT_SNMP_GAUGE32 },
  { "UInteger32", WT_SNMP_GAUGE32 },
  { "Counter64", WT_SNMP_COUNTER64 },
  { "Timeticks", WT_SNMP_TIME_TICKS },
  { "IpAddress", WT_SNMP_IP_ADDRESS },
  { "Network Address", WT_SNMP_IP_ADDRESS },
  { "OID", WT_BER_OID },
  { "STRING", WT_BER_OCTETS },
  { "Hex-STRING", WT_BER_OCTETS },
  { "BITS", WT_BER_OCTETS },
  { "Opaque", WT_SNMP_OPAQUE },
};

/* What snmpwalk says in place of a value. */
static gboolean
is_exception (const char *text)
{
  return g_str_has_prefix (text, "No Such ") || g_str_has_prefix (text, "No more variables");
}

/* A line that goes on with the value of the one before: no line begins so otherwise. */
static gboolean
goes_on (const Reader *self)
{
  const char *c = self->at;
  if (c >= self->end)
    return FALSE;
  const char *end = memchr (c, '\n', self->end - c);
  gsize length = (end ? end : self->end) - c;
  if (*c != '.')
    return TRUE;
  return g_strstr_len (c, length, " = ") == NULL;
}

/* Text in quotes; quotes and backslashes within are escaped. It may go over several lines, and then it ends where a
 * line ends with a quote. */
static gboolean
take_quoted (Reader *self, const char *text, WtSnmpValue *value)
{
  gsize length = strlen (text);
  if (length < 2 || text[length - 1] != '"')
    return FALSE;
  g_byte_array_set_size (self->octets, 0);
  for (gsize i = 1; i < length - 1; i++)
    {
      if (text[i] == '\\' && i + 1 < length - 1 && (text[i + 1] == '"' || text[i + 1] == '\\'))
        i++;
      g_byte_array_append (self->octets, (const guint8 *) text + i, 1);
    }
  take_octets (self, WT_BER_OCTETS, value);
  return TRUE;
}

/* "(6203) 0:01:02.03", or with -Ot "6203". */
static gboolean
take_ticks (const char *text, WtSnmpValue *value)
{
  const char *end = *text == '(' ? strchr (text, ')') : NULL;
  g_autofree char *digits = end ? g_strndup (text + 1, end - text - 1) : g_strdup (text);
  return take_number (WT_SNMP_TIME_TICKS, digits, value);
}

/* "up(1)", where enumerations were not asked for as numbers; "5 seconds" where units were not left out. */
static gboolean
take_integer (guint8 tag, const char *text, WtSnmpValue *value)
{
  const char *open = strchr (text, '(');
  const char *start = open ? open + 1 : text;
  g_autofree char *digits = g_strndup (start, strcspn (start, ") "));
  return take_number (tag, digits, value);
}

/* "Float: 3.5": an Opaque that holds a special element, as net-snmp writes it. */
static gboolean
take_opaque (Reader *self, const char *text, WtSnmpValue *value)
{
  if (!g_str_has_prefix (text, "Float: "))
    return take_hex (self, WT_SNMP_OPAQUE, text, value);
  union {
    float number;
    guint32 bits;
  } word = { .number = g_ascii_strtod (text + 7, NULL) };
  guint8 bytes[] = { 0x9f, 0x78, 4, word.bits >> 24, word.bits >> 16, word.bits >> 8, word.bits };
  return take_text (self, WT_SNMP_OPAQUE, (const char *) bytes, sizeof bytes, value);
}

static gboolean
walk_value (Reader *self, const char *type, guint8 tag, const char *text, WtSnmpValue *value)
{
  switch (tag)
    {
    case WT_BER_OCTETS:
      if (strcmp (type, "STRING") != 0)
        {
          g_autofree char *digits = g_strndup (text, strcspn (text, "[")); /* BITS have their names behind */
          return take_hex (self, tag, digits, value);
        }
      return *text == '"' ? take_quoted (self, text, value) : take_text (self, tag, text, strlen (text), value);
    case WT_BER_OID:
      return take_oid (self, text, value);
    case WT_SNMP_IP_ADDRESS:
      return take_address (text, value);
    case WT_SNMP_TIME_TICKS:
      return take_ticks (text, value);
    case WT_SNMP_OPAQUE:
      return take_opaque (self, text, value);
    default:
      return take_integer (tag, text, value);
    }
}

/* A value without its type: with -Ot ticks, and always an empty string. */
static gboolean
walk_bare (Reader *self, const char *text, WtSnmpValue *value)
{
  if (strcmp (text, "\"\"") == 0)
    return take_text (self, WT_BER_OCTETS, "", 0, value);
  if (strcmp (text, "NULL") == 0)
    {
      value->tag = WT_BER_NULL;
      return TRUE;
    }
  return g_ascii_isdigit (*text) ? take_ticks (text, value) : *text == '"' && take_quoted (self, text, value);
}

static gboolean
walk_typed (Reader *self, const char *text, WtSnmpValue *value)
{
  if (g_str_has_prefix (text, "Wrong Type (should be ")) /* snmpwalk's word on a device that is not right */
    {
      const char *after = strstr (text, "): ");
      text = after ? after + 3 : text;
    }
  for (guint i = 0; i < G_N_ELEMENTS (walk_types); i++)
    {
      gsize length = strlen (walk_types[i].word);
      if (strncmp (text, walk_types[i].word, length) != 0 || text[length] != ':')
        continue;
      const char *start = text + length + 1;
      return walk_value (self, walk_types[i].word, walk_types[i].tag, *start == ' ' ? start + 1 : start, value);
    }
  return walk_bare (self, text, value);
}

static gboolean
read_walk_line (Reader *self, GError **error)
{
  WtOid name;
  WtSnmpValue value;
  guint first = self->line;
  g_autoptr (GString) whole = g_string_new_len (self->text->str, self->text->len);
  while (goes_on (self) && next_line (self))
    g_string_append_printf (whole, "\n%s", self->text->str);
  g_string_assign (self->text, whole->str);
  self->line = first;
  const char *equals = strstr (whole->str, " = ");
  if (equals == NULL)
    return fail (self, error, _ ("is no line of snmpwalk; write .1.3.6.1.2.1.1.5.0 = STRING: \"gate\""));
  g_autofree char *number = g_strndup (whole->str, equals - whole->str);
  if (!wt_oid_parse (number, &name))
    return fail (self, error, _ ("has a name that is not in numbers; record with snmpwalk -ObentU"));
  g_autofree char *text = g_strchomp (g_strdup (equals + 3));
  if (is_exception (text))
    return TRUE;
  if (!walk_typed (self, text, &value))
    return fail (self, error,
                 _ ("has a value that is not of its type, or of none that SNMP has; record with snmpwalk -ObentU"));
  return put (self, &name, &value, error);
}

/* --- files ------------------------------------------------------------------------------------------------------- */

static gboolean
is_blank (const GString *text)
{
  return strspn (text->str, " \t") == text->len || *text->str == '#';
}

/* The lines that a value went on over are counted where the next begins. */
static guint
lines_before (const char *data, const char *at)
{
  guint n = 0;
  for (const char *c = data; c < at; c++)
    n += *c == '\n';
  return n;
}

gboolean
wt_recording_parse (const char *name, const char *data, gsize length, WtManagedObjects *objects, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GByteArray) octets = g_byte_array_new ();
  Reader self = { .name = name, .at = data, .end = data + length, .text = text, .octets = octets, .objects = objects };
  gboolean rec = FALSE, first = TRUE;
  while (next_line (&self))
    {
      if (is_blank (text))
        continue;
      if (first)
        rec = strchr (text->str, '|') != NULL && strstr (text->str, " = ") == NULL;
      first = FALSE;
      const char *counted = self.at;
      guint line = self.line;
      if (!(rec ? read_rec_line (&self, error) : read_walk_line (&self, error)))
        return FALSE;
      self.line = line + lines_before (counted, self.at);
    }
  if (!first)
    return TRUE;
  g_set_error (error, WT_RECORDING_ERROR, WT_RECORDING_ERROR_SYNTAX,
               _ ("%s: holds no variable; record with snmpwalk -ObentU"), name);
  return FALSE;
}

gboolean
wt_recording_load (const char *path, WtManagedObjects *objects, GError **error)
{
  g_autofree char *data = NULL;
  gsize length;
  if (!g_file_get_contents (path, &data, &length, error))
    return FALSE;
  if (length <= WT_RECORDING_MAX)
    return wt_recording_parse (path, data, length, objects, error);
  g_set_error (error, WT_RECORDING_ERROR, WT_RECORDING_ERROR_READ, _ ("%s: longer than 64 MiB"), path);
  return FALSE;
}
