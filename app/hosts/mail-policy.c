/* Which recipients a mail server takes, and why not. Never an open relay: mail for other domains is taken only from its
 * own clients or the networks that the scenario names. */
#include "app/hosts/key-check.h"
#include "app/hosts/mail-server-private.h"
#include "protocols/smtp/smtp-address.h"

#include <string.h>

#define ALIAS_DEPTH_MAX 10   /* aliases of aliases */
#define TARGETS_MAX 100000 /* mailboxes of one mail */

/* --- names -------------------------------------------------------------------------------------------------------- */

void
wt_mail_targets_init (WtMailTargets *self)
{
  self->users = g_ptr_array_new_with_free_func (g_free);
  self->others = g_ptr_array_new_with_free_func ((GDestroyNotify) wt_smtp_path_free);
}

void
wt_mail_targets_clear (WtMailTargets *self)
{
  g_ptr_array_unref (self->users);
  g_ptr_array_unref (self->others);
}

static void
add_user (WtMailTargets *targets, const char *name)
{
  if (targets->users->len < TARGETS_MAX && !g_ptr_array_find_with_equal_func (targets->users, name, g_str_equal, NULL))
    g_ptr_array_add (targets->users, g_strdup (name));
}

static void
add_other (WtMailTargets *targets, const WtSmtpPath *path)
{
  for (guint i = 0; i < targets->others->len; i++)
    {
      const WtSmtpPath *other = g_ptr_array_index (targets->others, i);
      if (strcmp (other->local_part, path->local_part) == 0 && strcmp (other->domain, path->domain) == 0)
        return;
    }
  if (targets->others->len < TARGETS_MAX)
    g_ptr_array_add (targets->others, wt_smtp_path_copy (path));
}

/* An address literal is ours when it is our address (RFC 5321 4.1.3). */
gboolean
wt_mail_policy_is_local (WtMailServer *self, const WtSmtpPath *path)
{
  if (path->domain == NULL || *path->domain == 0) /* <Postmaster> */
    return TRUE;
  if (*path->domain != '[')
    return wt_mail_settings_is_local (self->settings, path->domain);
  g_autofree char *literal = g_strndup (path->domain + 1, strcspn (path->domain + 1, "]"));
  guint32 ip;
  return wt_parse_ipv4 (literal, &ip) && wt_world_find_ip (self->host.world, ip) == self->host.node;
}

gboolean
wt_mail_policy_is_here (WtMailServer *self, const WtSmtpPath *path)
{
  return self->settings->lmtp_to == NULL && wt_mail_policy_is_local (self, path);
}

static gboolean expand (WtMailServer *self, const char *local_part, WtMailTargets *targets, guint depth);

static gboolean
expand_target (WtMailServer *self, const char *target, WtMailTargets *targets, guint depth)
{
  if (strchr (target, '@') == NULL)
    return expand (self, target, targets, depth);
  g_autoptr (WtSmtpPath) path = wt_smtp_mailbox_parse (target, &(const char *){ NULL });
  if (path == NULL)
    return FALSE;
  if (wt_mail_policy_is_local (self, path))
    return expand (self, path->local_part, targets, depth);
  add_other (targets, path);
  return TRUE;
}

/* The postmaster is always there (RFC 5321 4.5.1): who the settings name, else a mailbox of that name. */
static gboolean
expand_postmaster (WtMailServer *self, WtMailTargets *targets, guint depth)
{
  const WtSmtpPath *postmaster = self->settings->postmaster;
  if (postmaster && !wt_mail_policy_is_local (self, postmaster))
    add_other (targets, postmaster);
  else if (postmaster == NULL || g_ascii_strcasecmp (postmaster->local_part, "postmaster") == 0
           || !expand (self, postmaster->local_part, targets, depth))
    add_user (targets, "postmaster");
  return TRUE;
}

static gboolean
expand (WtMailServer *self, const char *local_part, WtMailTargets *targets, guint depth)
{
  const char *const *alias = wt_mail_settings_alias (self->settings, local_part);
  const WtMailUser *user = wt_mail_settings_user (self->settings, local_part);
  gboolean found = FALSE;
  if (depth > ALIAS_DEPTH_MAX)
    return FALSE;
  for (const char *const *target = alias; target && *target; target++)
    {
      /* an alias that names its own user means the mailbox: "alice>alice,bob@elsewhere" */
      if (user && g_ascii_strcasecmp (*target, local_part) == 0)
        add_user (targets, user->name);
      else if (!expand_target (self, *target, targets, depth + 1))
        continue;
      found = TRUE;
    }
  if (alias)
    return found;
  if (user)
    add_user (targets, user->name);
  else if (self->settings->lmtp_to && self->settings->users->len == 0) /* who is there knows the server of the mailboxes only */
    add_user (targets, local_part);
  else if (g_ascii_strcasecmp (local_part, "postmaster") == 0)
    return expand_postmaster (self, targets, depth + 1);
  else
    return FALSE;
  return TRUE;
}

gboolean
wt_mail_policy_expand (WtMailServer *self, const char *local_part, WtMailTargets *targets)
{
  return expand (self, *local_part ? local_part : "postmaster", targets, 0);
}

/* --- quota -------------------------------------------------------------------------------------------------------- */

gboolean
wt_mail_policy_room (WtMailServer *self, const char *name, guint64 size, WtMailVerdict *verdict)
{
  const WtMailUser *user = wt_mail_settings_user (self->settings, name);
  if (user == NULL || user->quota == 0 || self->settings->lmtp_to)
    return TRUE;
  guint64 usage = wt_mail_store_usage (self->store, self->name, user->name, user->quota);
  if (size > user->quota)
    wt_mail_verdict_set (verdict, 552, "5.2.2", "Mailbox %s can never hold %" G_GUINT64_FORMAT " bytes", user->name, size);
  else if (usage + size > user->quota || usage >= user->quota)
    wt_mail_verdict_set (verdict, 452, "4.2.2", "Mailbox %s is full", user->name);
  else
    return TRUE;
  return FALSE;
}

/* --- logging in ---------------------------------------------------------------------------------------------------- */

char *
wt_mail_policy_password (const char *name, gpointer user_data)
{
  WtMailServer *self = user_data;
  const char *at = strrchr (name, '@');
  g_autofree char *local = g_strndup (name, at ? (gsize) (at - name) : strlen (name));
  if (at && !wt_mail_settings_is_local (self->settings, at + 1))
    return NULL;
  const WtMailUser *user = wt_mail_settings_user (self->settings, local);
  return user && *user->password ? g_strdup (user->password) : NULL;
}

/* --- relaying ----------------------------------------------------------------------------------------------------- */

#define IS_LOOPBACK(ip) ((ip) >> 24 == 127)

static gboolean
may_relay (WtMailServer *self, const WtMailAsker *asker)
{
  if (asker->authenticated) /* RFC 6409 4.3: whose name is known may send anywhere */
    return !wt_world_is_live (self->host.world) || self->settings->relay != NULL;
  if (self->settings->has_networks)
    return wt_mail_settings_in_networks (self->settings, asker->client.ip);
  if (asker->client_is_ours)
    return self->host.directory
           && wt_host_directory_is_client (self->host.directory, asker->client.ip,
                                           wt_world_node_ip (self->host.world, self->host.node));
  return FALSE;
}

/* In the live world a real program may reach the domains of the scenario's hosts through any of its servers, and from this
 * machine the rest of the world through the smarthost that the user named. */
static gboolean
may_relay_live (WtMailServer *self, const WtMailAsker *asker, const char *domain)
{
  if (!wt_world_is_live (self->host.world) || asker->client_is_ours)
    return FALSE;
  if (self->host.directory && wt_host_directory_mail_server (self->host.directory, domain) != 0)
    return TRUE;
  return self->settings->relay != NULL && !self->settings->has_networks && IS_LOOPBACK (asker->client.ip);
}

static gboolean
is_relay_domain (WtMailServer *self, const char *domain)
{
  g_autofree char *key = wt_mail_domain_normal (domain);
  return g_hash_table_contains (self->settings->relay_domains, key);
}

/* --- recipients --------------------------------------------------------------------------------------------------- */

static gboolean
local_recipient (WtMailServer *self, const WtMailAsker *asker, const WtSmtpPath *path, WtMailVerdict *verdict)
{
  WtMailTargets targets;
  wt_mail_targets_init (&targets);
  gboolean taken = wt_mail_policy_expand (self, path->local_part, &targets);
  if (!taken)
    {
      g_autofree char *address = wt_smtp_path_to_string (path);
      wt_mail_verdict_set (verdict, 550, "5.1.1", "<%s>: no such user here", address);
    }
  else if (targets.users->len == 1 && targets.others->len == 0 && !asker->lmtp) /* in LMTP the mail itself is looked at */
    taken = wt_mail_policy_room (self, g_ptr_array_index (targets.users, 0), asker->size, verdict);
  wt_mail_targets_clear (&targets);
  return taken;
}

static gboolean
greylisted (WtMailServer *self, const WtMailAsker *asker, const WtSmtpPath *path, WtMailVerdict *verdict)
{
  if (self->settings->greylist == 0 || may_relay (self, asker))
    return FALSE;
  g_autofree char *client = wt_address_to_string ((WtAddress){ asker->client.ip, 0 });
  g_autofree char *sender = wt_smtp_path_to_string (asker->sender);
  g_autofree char *recipient = wt_smtp_path_to_string (path);
  g_autofree char *triplet = g_strdup_printf ("%s <%s> <%s>", client, sender, recipient);
  g_autofree char *key = g_utf8_strdown (triplet, -1);
  if (wt_mail_greylist_pass (self->greylist, key, wt_world_now (self->host.world), self->settings->greylist))
    return FALSE;
  wt_mail_verdict_set (verdict, 451, "4.7.1", "Greylisted: come again in %" G_GINT64_FORMAT " seconds",
                       (self->settings->greylist + WT_NSEC_PER_SEC - 1) / WT_NSEC_PER_SEC);
  return TRUE;
}

gboolean
wt_mail_policy_recipient (WtMailServer *self, const WtMailAsker *asker, const WtSmtpPath *path, WtMailVerdict *verdict)
{
  if (wt_mail_policy_is_local (self, path))
    return local_recipient (self, asker, path, verdict) && (asker->lmtp || !greylisted (self, asker, path, verdict));
  g_autofree char *address = wt_smtp_path_to_string (path);
  if (asker->lmtp)
    {
      wt_mail_verdict_set (verdict, 550, "5.1.2", "<%s>: not a mailbox of this server, and LMTP leads no further", address);
      return FALSE;
    }
  if (may_relay (self, asker) || may_relay_live (self, asker, path->domain))
    return TRUE;
  if (is_relay_domain (self, path->domain))
    return !greylisted (self, asker, path, verdict);
  wt_mail_verdict_set (verdict, 550, "5.7.1", "<%s>: relaying denied", address);
  return FALSE;
}

/* --- VRFY, EXPN (RFC 5321 3.5) ------------------------------------------------------------------------------------ */

/* The local part of what was asked for: "alice", "alice@example.org", "<alice@example.org>", "Alice <alice@example.org>".
 * NULL with verdict: not ours. */
static char *
asked_name (WtMailServer *self, const char *text, WtMailVerdict *verdict)
{
  const char *open = strrchr (text, '<');
  g_autofree char *address = open ? g_strndup (open + 1, strcspn (open + 1, ">")) : g_strstrip (g_strdup (text));
  if (strchr (address, '@') == NULL)
    return g_steal_pointer (&address);
  g_autoptr (WtSmtpPath) path = wt_smtp_mailbox_parse (address, &(const char *){ NULL });
  if (path == NULL)
    wt_mail_verdict_set (verdict, 501, "5.1.3", "That is no mailbox name");
  else if (wt_mail_policy_is_local (self, path))
    return g_strdup (path->local_part);
  else
    wt_mail_verdict_set (verdict, 252, "2.0.0", "Not a mailbox of this server: cannot verify it");
  return NULL;
}

static const char *
own_domain (const WtMailServer *self)
{
  return self->settings->first_domain ? self->settings->first_domain : self->settings->hostname;
}

static void
append_mailbox (GString *out, const WtSmtpPath *path)
{
  g_autofree char *text = wt_smtp_path_to_string (path);
  g_string_append_printf (out, "%s<%s>", out->len ? "\n" : "", text);
}

static char *
list_targets (WtMailServer *self, const WtMailTargets *targets)
{
  GString *out = g_string_new (NULL);
  for (guint i = 0; i < targets->users->len; i++)
    {
      g_autoptr (WtSmtpPath) path = wt_smtp_path_new (g_ptr_array_index (targets->users, i), own_domain (self));
      append_mailbox (out, path);
    }
  for (guint i = 0; i < targets->others->len; i++)
    append_mailbox (out, g_ptr_array_index (targets->others, i));
  return g_string_free (out, FALSE);
}

void
wt_mail_policy_vrfy (WtMailServer *self, const char *text, WtMailVerdict *verdict)
{
  g_autofree char *name = asked_name (self, text, verdict);
  WtMailTargets targets;
  if (name == NULL)
    return;
  wt_mail_targets_init (&targets);
  const WtMailUser *user = wt_mail_settings_user (self->settings, name);
  if (!wt_mail_policy_expand (self, name, &targets))
    wt_mail_verdict_set (verdict, 550, "5.1.1", "No such user here");
  else if (self->settings->lmtp_to && self->settings->users->len == 0)
    wt_mail_verdict_set (verdict, 252, "2.0.0", "Its mailboxes are on another server: cannot verify it");
  else
    {
      g_autoptr (WtSmtpPath) path = wt_smtp_path_new (user ? user->name : name, own_domain (self));
      g_autofree char *mailbox = wt_smtp_path_to_string (path);
      wt_mail_verdict_set (verdict, 250, "2.1.5", "<%s>", mailbox);
    }
  wt_mail_targets_clear (&targets);
}

void
wt_mail_policy_expn (WtMailServer *self, const char *text, WtMailVerdict *verdict)
{
  g_autofree char *name = asked_name (self, text, verdict);
  WtMailTargets targets;
  if (name == NULL)
    return;
  wt_mail_targets_init (&targets);
  if (wt_mail_settings_alias (self->settings, name) == NULL)
    wt_mail_verdict_set (verdict, 550, "5.1.1", "No such list here");
  else if (!wt_mail_policy_expand (self, name, &targets))
    wt_mail_verdict_set (verdict, 550, "5.1.1", "Nobody is on that list");
  else
    {
      g_autofree char *members = list_targets (self, &targets);
      wt_mail_verdict_set (verdict, 250, "2.1.5", "%s", members);
    }
  wt_mail_targets_clear (&targets);
}
