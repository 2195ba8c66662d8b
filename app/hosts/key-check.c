/* Checks of single values: what a key's type allows, and what is said when it does not fit. */
#include "app/hosts/key-check.h"

#include "app/hosts/snmp-values.h"
#include "app/hosts/units.h"
#include "protocols/dns/dns-message.h"
#include "app/hosts/mail-rules.h"
#include "app/hosts/recording-proxy.h"
#include "app/trace/stored-mail.h"
#include "protocols/sasl/sasl.h"
#include "protocols/smtp/smtp-address.h"
#include "protocols/smtp/smtp-dsn.h"
#include "protocols/smtp/smtp-extensions.h"

#include <arpa/inet.h>
#include <glib/gi18n.h>
#include <string.h>

typedef gboolean (*CheckFunc) (const char *text, WtKeyValue *value, GError **error);

static gboolean
refuse (GError **error, const char *text, const char *right)
{
  /* Translators: what was found, and what is wrong with it */
  g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_VALUE, _ ("“%s” %s"), text, right);
  return FALSE;
}

gboolean
wt_parse_ipv4 (const char *text, guint32 *ip)
{
  struct in_addr address;
  if (inet_pton (AF_INET, text, &address) != 1)
    return FALSE;
  *ip = g_ntohl (address.s_addr);
  return TRUE;
}

gboolean
wt_parse_network (const char *text, guint32 *ip, guint32 *mask)
{
  const char *slash = strchr (text, '/');
  guint64 bits = 32;
  g_autofree char *address = slash ? g_strndup (text, slash - text) : g_strdup (text);
  if (slash && !g_ascii_string_to_unsigned (slash + 1, 10, 0, 32, &bits, NULL))
    return FALSE;
  *mask = bits == 0 ? 0 : G_MAXUINT32 << (32 - bits);
  return wt_parse_ipv4 (address, ip);
}

static gboolean
is_name (const char *text)
{
  guint32 ip;
  gsize length = strlen (text);
  return wt_parse_ipv4 (text, &ip) || (length > 0 && wt_smtp_domain_valid ((const guint8 *) text, length, TRUE));
}

gboolean
wt_parse_endpoint (const char *text, char **host, guint16 *port)
{
  const char *colon = strrchr (text, ':');
  guint64 number = *port;
  if (colon && !g_ascii_string_to_unsigned (colon + 1, 10, 1, G_MAXUINT16, &number, NULL))
    return FALSE;
  g_autofree char *name = colon ? g_strndup (text, colon - text) : g_strdup (text);
  if (!is_name (name))
    return FALSE;
  *host = g_steal_pointer (&name);
  *port = number;
  return TRUE;
}

static gboolean
check_string (const char *text, WtKeyValue *value, GError **error)
{
  return TRUE;
}

/* A backslash with nothing behind it to stand for. */
static gboolean
ends_in_escape (const char *text)
{
  gsize n = 0, length = strlen (text);
  while (n < length && text[length - 1 - n] == '\\')
    n++;
  return n % 2 == 1;
}

static gboolean
check_text (const char *text, WtKeyValue *value, GError **error)
{
  g_autofree char *escaped = g_strdup (text);
  if (!ends_in_escape (text))
    {
      g_free (value->text);
      value->text = g_strcompress (escaped);
      if (g_utf8_validate (value->text, -1, NULL))
        return TRUE;
    }
  return refuse (error, text, _("has an escape that gives no text; write \\n for a new line, \\\\ for a backslash"));
}

static gboolean
check_name (const char *text, WtKeyValue *value, GError **error)
{
  return is_name (text) || refuse (error, text, _("is no host name or address; write mail.example.org or 10.0.1.25"));
}

static gboolean
check_host (const char *text, WtKeyValue *value, GError **error)
{
  return *text != 0 || refuse (error, text, _("is no host; write the name of a [host NAME] group"));
}

static gboolean
check_mailbox (const char *text, WtKeyValue *value, GError **error)
{
  const char *problem = NULL;
  g_autoptr (WtSmtpPath) path = wt_smtp_mailbox_parse (text, &problem);
  return path != NULL || refuse (error, text, _("is not a mailbox; write name@example.org"));
}

static gboolean
check_domain (const char *text, WtKeyValue *value, GError **error)
{
  return (*text != '[' && is_name (text)) || refuse (error, text, _("is not a domain; write example.org"));
}

static gboolean
is_user_name (const char *name)
{
  g_autofree char *mailbox = g_strconcat (name, "@localhost", NULL);
  g_autoptr (WtSmtpPath) path = wt_smtp_mailbox_parse (mailbox, &(const char *){ NULL });
  return path != NULL && strchr (name, '/') == NULL && *name != '.';
}

static gboolean
check_user (const char *text, WtKeyValue *value, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 3);
  gint64 quota;
  if (!is_user_name (parts[0]))
    return refuse (error, text, _("is not a user; write name:password or name:password:quota"));
  if (parts[1] && parts[2])
    return wt_parse_size (parts[2], &quota, error);
  return TRUE;
}

static gboolean
check_alias (const char *text, WtKeyValue *value, GError **error)
{
  const char *right = _("is not an alias; write alias>name or alias>name,other@example.org");
  g_auto (GStrv) sides = g_strsplit (text, ">", 2);
  if (!is_user_name (g_strstrip (sides[0])) || sides[1] == NULL)
    return refuse (error, text, right);
  g_auto (GStrv) targets = g_strsplit (sides[1], ",", -1);
  for (char **target = targets; *target; target++)
    {
      g_strstrip (*target);
      if (!(strchr (*target, '@') ? check_mailbox (*target, value, NULL) : is_user_name (*target)))
        return refuse (error, text, right);
    }
  return TRUE;
}

static gboolean
check_record (const char *text, WtKeyValue *value, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (WtDnsRecord) record = wt_dns_record_parse (text, 0, &problem);
  if (record == NULL)
    g_set_error_literal (error, WT_HOST_ERROR, WT_HOST_ERROR_VALUE, problem->message);
  return record != NULL;
}

static gboolean
check_endpoint (const char *text, WtKeyValue *value, GError **error)
{
  g_autofree char *host = NULL;
  guint16 port = 0;
  return wt_parse_endpoint (text, &host, &port)
         || refuse (error, text, _("is no host with a port; write mail.example.org:25 or 127.0.0.1:2525"));
}

static gboolean
check_route (const char *text, WtKeyValue *value, GError **error)
{
  g_auto (GStrv) sides = g_strsplit (text, ">", 2);
  if (sides[0] && sides[1] && check_domain (g_strstrip (sides[0]), value, NULL)
      && check_endpoint (g_strstrip (sides[1]), value, NULL))
    return TRUE;
  return refuse (error, text, _("is not a route; write example.org>mail.example.org or example.org>10.0.1.25:2525"));
}

static gboolean
check_network (const char *text, WtKeyValue *value, GError **error)
{
  guint32 ip, mask;
  return wt_parse_network (text, &ip, &mask)
         || refuse (error, text, _("is not a network; write 10.0.1.0/24 or 10.0.1.7"));
}

static gboolean
check_file (const char *text, WtKeyValue *value, GError **error)
{
  g_autofree char *path = g_str_has_prefix (text, "file:") ? g_filename_from_uri (text, NULL, NULL) : g_strdup (text);
  return path != NULL || refuse (error, text, _ ("is no file; write photo.png, or file:///home/me/photo.png"));
}

static gboolean
check_boolean (const char *text, WtKeyValue *value, GError **error)
{
  static const char *const words[] = { "false", "true", "no", "yes", "0", "1" };
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (text, words[i]) == 0)
      {
        value->number = i & 1;
        return TRUE;
      }
  return refuse (error, text, _("is neither true nor false"));
}

static gboolean
check_number (const char *text, WtKeyValue *value, GError **error)
{
  guint64 number;
  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT32, &number, NULL))
    return refuse (error, text, _("is not a number; write digits only, at most 2147483647"));
  value->number = number;
  return TRUE;
}

static gboolean
check_size (const char *text, WtKeyValue *value, GError **error)
{
  return wt_parse_size (text, &value->number, error);
}

static gboolean
check_time (const char *text, WtKeyValue *value, GError **error)
{
  return wt_parse_time (text, &value->number, error);
}

static gboolean
check_extension (const char *text, WtKeyValue *value, GError **error)
{
  WtSmtpExtensions extension = wt_smtp_extension_find (text, strlen (text));
  if (g_ascii_strcasecmp (text, "all") == 0)
    extension = WT_SMTP_EXT_ALL;
  if (extension == 0 && g_ascii_strcasecmp (text, "none") != 0)
    return refuse (error, text,
                   _ ("is no extension; write PIPELINING, SIZE, 8BITMIME, ENHANCEDSTATUSCODES, SMTPUTF8, CHUNKING, DSN, "
                      "STARTTLS, AUTH, all or none"));
  value->number |= extension;
  return TRUE;
}

static gboolean
check_mechanism (const char *text, WtKeyValue *value, GError **error)
{
  WtSaslMechanisms mechanism
      = g_ascii_strcasecmp (text, "all") == 0 ? WT_SASL_ALL : wt_sasl_mechanism (text, strlen (text));
  value->number |= mechanism;
  return mechanism != 0 || g_ascii_strcasecmp (text, "none") == 0
         || refuse (error, text, _ ("is no mechanism; write SCRAM-SHA-256, SCRAM-SHA-1, CRAM-MD5, PLAIN, LOGIN, all or none"));
}

static gboolean
check_flag (const char *text, WtKeyValue *value, GError **error)
{
  for (guint i = 0; i < WT_STORED_N_FLAGS; i++)
    if (g_ascii_strcasecmp (text, wt_stored_flag_names[i] + 1) == 0)
      {
        value->number |= 1u << i;
        return TRUE;
      }
  return refuse (error, text, _ ("is no flag; write some of seen;answered;flagged;deleted;draft"));
}

static gboolean
check_rule (const char *text, WtKeyValue *value, GError **error)
{
  return wt_mail_rule_check (text, error);
}

static gboolean
check_notify (const char *text, WtKeyValue *value, GError **error)
{
  g_autofree char *commas = g_strdelimit (g_strdup (text), "; ", ',');
  WtSmtpNotify notify = wt_smtp_dsn_notify_parse (commas, strlen (commas));
  value->number = notify;
  return notify != 0 || refuse (error, text, _ ("is no wish for reports; write some of success;failure;delay, or never"));
}

static gboolean
check_return (const char *text, WtKeyValue *value, GError **error)
{
  gboolean full = g_ascii_strcasecmp (text, "full") == 0;
  value->number = full ? WT_SMTP_RET_FULL : WT_SMTP_RET_HDRS;
  return full || g_ascii_strcasecmp (text, "headers") == 0
         || refuse (error, text, _ ("is neither full nor headers"));
}

static WtProtocol
mail_protocol (const char *text)
{
  static const struct
  {
    const char *name;
    WtProtocol protocol;
  } names[] = { { "smtp", WT_PROTOCOL_SMTP }, { "lmtp", WT_PROTOCOL_LMTP }, { "pop3", WT_PROTOCOL_POP3 }, { "imap", WT_PROTOCOL_IMAP } };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (text, names[i].name) == 0)
      return names[i].protocol;
  return WT_PROTOCOL_NONE;
}

static gboolean
check_fetch (const char *text, WtKeyValue *value, GError **error)
{
  value->number = mail_protocol (text);
  return value->number == WT_PROTOCOL_POP3 || value->number == WT_PROTOCOL_IMAP
         || refuse (error, text, _ ("is neither pop3 nor imap"));
}

static gboolean
check_talk (const char *text, WtKeyValue *value, GError **error)
{
  value->number = mail_protocol (text);
  return value->number != WT_PROTOCOL_NONE || refuse (error, text, _ ("is no mail protocol; write smtp, lmtp, pop3 or imap"));
}

static gboolean
check_real_server (const char *text, WtKeyValue *value, GError **error)
{
  g_autofree char *host = NULL;
  guint16 port = 0;
  return wt_parse_endpoint (text, &host, &port)
         || refuse (error, text, _ ("is no server; write imap.example.org, imap.example.org:1143 or 192.0.2.7"));
}

static gboolean
check_proxy_service (const char *text, WtKeyValue *value, GError **error)
{
  return wt_proxy_service (text) != NULL
         || refuse (error, text,
                    _ ("is no service that can be recorded; write smtp, submission, submissions, pop3, pop3s, imap, imaps or "
                       "snmp"));
}

static gboolean
check_proxy_tls (const char *text, WtKeyValue *value, GError **error)
{
  WtProxyTls tls;
  if (!wt_proxy_tls_parse (text, &tls))
    return refuse (error, text, _ ("is no way of TLS; write none, starttls or implicit"));
  value->number = tls;
  return TRUE;
}

static gboolean
check_tls (const char *text, WtKeyValue *value, GError **error)
{
  static const char *const words[] = { [WT_TLS_USE_OFF] = "off",
                                       [WT_TLS_USE_OPPORTUNISTIC] = "opportunistic",
                                       [WT_TLS_USE_REQUIRED] = "required",
                                       [WT_TLS_USE_IMPLICIT] = "implicit" };
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (text, words[i]) == 0)
      {
        value->number = i;
        return TRUE;
      }
  return refuse (error, text, _ ("is no use of TLS; write off, opportunistic, required or implicit"));
}

/* --- SNMP ------------------------------------------------------------------------------------------------------------- */

static gboolean
check_object (const char *text, WtKeyValue *value, GError **error)
{
  WtOid oid;
  return wt_mib_parse (wt_mib_default (), text, &oid, error);
}

static gboolean
check_assignment (const char *text, WtKeyValue *value, GError **error)
{
  g_autoptr (GByteArray) buffer = g_byte_array_new ();
  WtSnmpValue parsed;
  WtOid name;
  return wt_snmp_assignment_parse (text, &name, &parsed, buffer, error);
}

static gboolean
check_alarm (const char *text, WtKeyValue *value, GError **error)
{
  WtSnmpAlarm alarm;
  return wt_snmp_alarm_parse (text, &alarm, error);
}

static gboolean
check_snmp_version (const char *text, WtKeyValue *value, GError **error)
{
  WtSnmpVersion version;
  return wt_snmp_version_parse (text, &version) || refuse (error, text, _ ("is no version of SNMP; write 1, 2c or 3"));
}

static gboolean
check_snmp_level (const char *text, WtKeyValue *value, GError **error)
{
  WtSnmpLevel level;
  return wt_snmp_level_parse (text, &level)
         || refuse (error, text, _ ("is no security level; write noAuthNoPriv, authNoPriv or authPriv"));
}

static gboolean
check_snmp_user (const char *text, WtKeyValue *value, GError **error)
{
  g_auto (GStrv) parts = NULL;
  WtSnmpUser user;
  return wt_snmp_user_parse (text, &parts, &user, error);
}

/* `list`: the value is cut at semicolons and each part checked. */
static const struct {
  CheckFunc func;
  gboolean list;
} checks[] = {
  [WT_KEY_STRING] = { check_string, FALSE },
  [WT_KEY_NAME] = { check_name, FALSE },
  [WT_KEY_HOST] = { check_host, FALSE },
  [WT_KEY_MAILBOX] = { check_mailbox, FALSE },
  [WT_KEY_MAILBOXES] = { check_mailbox, TRUE },
  [WT_KEY_DOMAINS] = { check_domain, TRUE },
  [WT_KEY_USERS] = { check_user, TRUE },
  [WT_KEY_ALIASES] = { check_alias, TRUE },
  [WT_KEY_RECORDS] = { check_record, TRUE },
  [WT_KEY_BOOLEAN] = { check_boolean, FALSE },
  [WT_KEY_NUMBER] = { check_number, FALSE },
  [WT_KEY_SIZE] = { check_size, FALSE },
  [WT_KEY_TIME] = { check_time, FALSE },
  [WT_KEY_EXTENSIONS] = { check_extension, TRUE },
  [WT_KEY_TLS] = { check_tls, FALSE },
  [WT_KEY_NOTIFY] = { check_notify, FALSE },
  [WT_KEY_RETURN] = { check_return, FALSE },
  [WT_KEY_RULES] = { check_rule, TRUE },
  [WT_KEY_MECHANISMS] = { check_mechanism, TRUE },
  [WT_KEY_FLAGS] = { check_flag, TRUE },
  [WT_KEY_TEXT] = { check_text, FALSE },
  [WT_KEY_ENDPOINT] = { check_endpoint, FALSE },
  [WT_KEY_ROUTES] = { check_route, TRUE },
  [WT_KEY_NETWORKS] = { check_network, TRUE },
  [WT_KEY_WORDS] = { check_string, TRUE },
  [WT_KEY_ENDPOINTS] = { check_endpoint, TRUE },
  [WT_KEY_OBJECTS] = { check_object, TRUE },
  [WT_KEY_ASSIGNMENTS] = { check_assignment, TRUE },
  [WT_KEY_ALARMS] = { check_alarm, TRUE },
  [WT_KEY_SNMP_VERSION] = { check_snmp_version, FALSE },
  [WT_KEY_SNMP_LEVEL] = { check_snmp_level, FALSE },
  [WT_KEY_SNMP_USERS] = { check_snmp_user, TRUE },
  [WT_KEY_FETCH] = { check_fetch, FALSE },
  [WT_KEY_TALK] = { check_talk, FALSE },
  [WT_KEY_REAL_SERVER] = { check_real_server, FALSE },
  [WT_KEY_PROXY_SERVICE] = { check_proxy_service, FALSE },
  [WT_KEY_PROXY_TLS] = { check_proxy_tls, FALSE },
  [WT_KEY_FILES] = { check_file, TRUE },
};

static char **
split_list (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ";", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  for (char **part = parts; *part; part++)
    if (*g_strstrip (*part) != 0)
      g_strv_builder_add (builder, *part);
  return g_strv_builder_end (builder);
}

gboolean
wt_key_check (WtKeyType type, const char *text, WtKeyValue *value, GError **error)
{
  g_return_val_if_fail (type < G_N_ELEMENTS (checks), FALSE);
  WtKeyValue made = { .given = TRUE, .text = g_strstrip (g_strdup (text)) };
  gboolean fits = TRUE;
  if (checks[type].list)
    {
      made.list = split_list (made.text);
      for (char **part = made.list; fits && *part; part++)
        fits = checks[type].func (*part, &made, error);
    }
  else
    {
      g_autofree char *trimmed = g_strdup (made.text);
      fits = checks[type].func (trimmed, &made, error);
    }
  if (!fits)
    {
      wt_key_value_clear (&made);
      return FALSE;
    }
  wt_key_value_clear (value);
  *value = made;
  return TRUE;
}

void
wt_wipe (char **text)
{
  if (*text)
    explicit_bzero (*text, strlen (*text));
  g_clear_pointer (text, g_free);
}

void
wt_key_value_clear (WtKeyValue *self)
{
  wt_wipe (&self->text); /* it may be a password */
  g_strfreev (self->list);
  memset (self, 0, sizeof *self);
}
