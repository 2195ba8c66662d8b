#include "app/hosts/mail-rules.h"

#include "app/hosts/host.h"
#include "app/hosts/units.h"
#include "protocols/smtp/smtp-reply.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct {
  char *verb;    /* upper case; "*": any command */
  char *pattern; /* (nullable) lower case */
  guint times;   /* 0: always */
  double chance; /* 1: always */
  guint used;
  char *enhanced, *text; /* of `bend` */
  WtMailBend bend;
} Rule;

struct _WtMailRules {
  GPtrArray *rules;
};

static void
rule_free (gpointer data)
{
  Rule *rule = data;
  g_free (rule->verb);
  g_free (rule->pattern);
  g_free (rule->enhanced);
  g_free (rule->text);
  g_free (rule);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rule, rule_free)

/* --- reading ------------------------------------------------------------------------------------------------------ */

static gboolean
refuse (GError **error, const char *text, const char *problem)
{
  g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_VALUE,
               _ ("“%s”: %s; write a rule as “RCPT *@example.net x2 > 450 4.2.1 Busy” or “DATA 25%% > delay 5s, "
                  "disconnect”"),
               text, problem);
  return FALSE;
}

/* "x2" or "25%". */
static gboolean
read_turns (Rule *rule, const char *word)
{
  guint64 number;
  gsize length = strlen (word);
  if (word[0] == 'x' && g_ascii_string_to_unsigned (word + 1, 10, 1, G_MAXUINT, &number, NULL))
    rule->times = number;
  else if (length > 1 && word[length - 1] == '%')
    {
      g_autofree char *digits = g_strndup (word, length - 1);
      if (!g_ascii_string_to_unsigned (digits, 10, 1, 100, &number, NULL))
        return FALSE;
      rule->chance = number / 100.0;
    }
  else
    return FALSE;
  return TRUE;
}

static gboolean
read_condition (Rule *rule, const char *side, const char *text, GError **error)
{
  g_auto (GStrv) words = g_strsplit (side, " ", -1);
  for (char **word = words; *word; word++)
    {
      if (**word == 0)
        continue;
      if (rule->verb == NULL)
        rule->verb = g_ascii_strup (*word, -1);
      else if (!read_turns (rule, *word) && rule->pattern == NULL && strpbrk (*word, "@.*"))
        rule->pattern = g_utf8_strdown (*word, -1);
      else if (rule->times == 0 && rule->chance == 1)
        return refuse (error, text, _ ("what stands after the command is neither an address nor a number of times"));
    }
  if (rule->verb == NULL || (strcmp (rule->verb, "*") != 0 && !g_ascii_isalpha (*rule->verb)))
    return refuse (error, text, _ ("no command stands before “>”"));
  if (strcmp (rule->verb, "BDAT") == 0)
    return refuse (error, text, _ ("the answer to BDAT cannot be bent; MESSAGE can"));
  return TRUE;
}

/* "450 4.2.1 Mailbox busy" */
static gboolean
read_reply (Rule *rule, const char *part)
{
  WtSmtpReplyLine line;
  if (!wt_smtp_reply_line_parse ((const guint8 *) part, strlen (part), &line) || line.code < 400 || line.code > 599)
    return FALSE;
  const char *text = part + line.text_start;
  gsize n_enhanced = line.enhanced_end - line.enhanced_start;
  if (n_enhanced > 0)
    {
      rule->enhanced = g_strndup (part + line.enhanced_start, n_enhanced);
      text = part + line.enhanced_end;
    }
  rule->text = g_strstrip (g_strdup (text));
  rule->bend.code = line.code;
  return TRUE;
}

/* Parts with commas between; a reply is the last one, for its text may have commas. */
static gboolean
read_action (Rule *rule, const char *side, const char *text, GError **error)
{
  const char *at = side;
  while (*at)
    {
      at += strspn (at, " ,");
      g_autofree char *part = g_strndup (at, strcspn (at, ","));
      g_strchomp (part);
      if (g_ascii_isdigit (*at))
        return read_reply (rule, at) || refuse (error, text, _ ("a reply begins with a code from 400 to 599"));
      if (g_str_has_prefix (part, "delay ") && wt_parse_time (part + strlen ("delay "), &rule->bend.delay, NULL))
        ;
      else if (strcmp (part, "disconnect") == 0)
        rule->bend.disconnect = TRUE;
      else
        return refuse (error, text, _ ("after “>” stands no delay with a time, no reply and no disconnect"));
      at += strcspn (at, ",");
    }
  if (strcmp (rule->verb, "TLS") == 0 && !rule->bend.disconnect)
    return refuse (error, text, _ ("a TLS handshake can only be cut short: write disconnect"));
  return rule->bend.delay > 0 || rule->bend.disconnect || refuse (error, text, _ ("nothing stands after “>”"));
}

static Rule *
rule_parse (const char *text, GError **error)
{
  g_autoptr (Rule) rule = g_new0 (Rule, 1);
  g_auto (GStrv) sides = g_strsplit (text, ">", 2);
  rule->chance = 1;
  if (sides[0] == NULL || sides[1] == NULL)
    {
      refuse (error, text, _ ("there is no “>”"));
      return NULL;
    }
  if (!read_condition (rule, sides[0], text, error) || !read_action (rule, g_strstrip (sides[1]), text, error))
    return NULL;
  rule->bend.enhanced = rule->enhanced;
  rule->bend.text = rule->text;
  return g_steal_pointer (&rule);
}

gboolean
wt_mail_rule_check (const char *text, GError **error)
{
  g_autoptr (Rule) rule = rule_parse (text, error);
  return rule != NULL;
}

WtMailRules *
wt_mail_rules_new (const char *const *texts)
{
  WtMailRules *self = g_new (WtMailRules, 1);
  self->rules = g_ptr_array_new_with_free_func (rule_free);
  for (; *texts; texts++)
    {
      Rule *rule = rule_parse (*texts, NULL);
      if (rule)
        g_ptr_array_add (self->rules, rule);
    }
  return self;
}

gboolean
wt_mail_rules_is_empty (const WtMailRules *self)
{
  return self->rules->len == 0;
}

void
wt_mail_rules_free (WtMailRules *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->rules);
  g_free (self);
}

/* --- using -------------------------------------------------------------------------------------------------------- */

static gboolean
fits (const Rule *rule, const char *verb, const char *address)
{
  gboolean is_command = strcmp (verb, "CONNECT") != 0 && strcmp (verb, "TLS") != 0 && strcmp (verb, "MESSAGE") != 0;
  if (g_ascii_strcasecmp (rule->verb, verb) != 0 && !(is_command && strcmp (rule->verb, "*") == 0))
    return FALSE;
  if (rule->pattern == NULL)
    return TRUE;
  g_autofree char *lower = address ? g_utf8_strdown (address, -1) : NULL;
  return lower && g_pattern_match_simple (rule->pattern, lower);
}

const WtMailBend *
wt_mail_rules_find (WtMailRules *self, WtWorld *world, const char *verb, const char *address)
{
  for (guint i = 0; i < self->rules->len; i++)
    {
      Rule *rule = g_ptr_array_index (self->rules, i);
      if (!fits (rule, verb, address) || (rule->times != 0 && rule->used >= rule->times))
        continue;
      if (rule->chance < 1 && wt_world_random_double (world) >= rule->chance)
        continue;
      rule->used++;
      return &rule->bend;
    }
  return NULL;
}
