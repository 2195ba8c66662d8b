/* Whom a mail is for: mailboxes here and addresses elsewhere, aliases followed, and what its sender wants to hear of each of
 * them (RFC 3461 5.2.7). */
#include "app/hosts/mail-server-private.h"

#include <string.h>

void
wt_mail_audience_init (WtMailAudience *self)
{
  self->mailboxes = g_ptr_array_new_with_free_func ((GDestroyNotify) wt_smtp_path_free);
  self->others = g_ptr_array_new_with_free_func ((GDestroyNotify) wt_smtp_path_free);
  self->expanded = g_ptr_array_new_with_free_func ((GDestroyNotify) wt_smtp_path_free);
}

void
wt_mail_audience_clear (WtMailAudience *self)
{
  g_ptr_array_unref (self->mailboxes);
  g_ptr_array_unref (self->others);
  g_ptr_array_unref (self->expanded);
}

/* A mailbox here is the same in all our domains. */
static WtSmtpPath *
find (GPtrArray *paths, const WtSmtpPath *path, gboolean here)
{
  for (guint i = 0; i < paths->len; i++)
    {
      WtSmtpPath *each = g_ptr_array_index (paths, i);
      if (strcmp (each->local_part, path->local_part) == 0 && (here || strcmp (each->domain, path->domain) == 0))
        return each;
    }
  return NULL;
}

/* Who is reached in two ways gets the mail once. A report of success that one of the ways wants is written. */
static void
add (GPtrArray *paths, WtSmtpPath *path, gboolean here)
{
  g_autoptr (WtSmtpPath) mine = path;
  WtSmtpPath *known = find (paths, path, here);
  if (known == NULL)
    {
      g_ptr_array_add (paths, g_steal_pointer (&mine));
      return;
    }
  if ((path->notify & WT_SMTP_NOTIFY_SUCCESS) == 0 || (known->notify & WT_SMTP_NOTIFY_SUCCESS))
    return;
  known->notify = path->notify;
  g_free (known->orcpt);
  known->orcpt = g_steal_pointer (&mine->orcpt);
}

/* --- aliases ------------------------------------------------------------------------------------------------------ */

/* What is said to the members of an alias with several: all but SUCCESS, which the alias answers (RFC 3461 5.2.7.3). */
static WtSmtpNotify
without_success (WtSmtpNotify notify)
{
  return notify == WT_SMTP_NOTIFY_SUCCESS ? WT_SMTP_NOTIFY_NEVER : notify & ~WT_SMTP_NOTIFY_SUCCESS;
}

/* The sender's wishes for `path` go to whom it stands for, and the name that he knows goes along. */
static void
pass_on (WtSmtpPath *to, const WtSmtpPath *path, gboolean one_of_many)
{
  gboolean same = g_ascii_strcasecmp (path->local_part, to->local_part) == 0 && g_ascii_strcasecmp (path->domain, to->domain) == 0;
  to->notify = one_of_many ? without_success (path->notify) : path->notify;
  if (path->orcpt)
    to->orcpt = g_strdup (path->orcpt);
  else if (!same && wt_smtp_path_is_ascii (path))
    {
      g_autofree char *known = wt_smtp_path_to_string (path);
      to->orcpt = g_strconcat ("rfc822;", known, NULL);
    }
}

/* Mailboxes are called as the recipient was, when it has a domain. */
static const char *
domain_of (const WtMailServer *server, const WtSmtpPath *path)
{
  const WtMailSettings *settings = server->settings;
  if (path->domain && *path->domain && *path->domain != '[')
    return path->domain;
  return settings->first_domain ? settings->first_domain : settings->hostname;
}

static void
add_local (WtMailAudience *self, WtMailServer *server, const WtSmtpPath *path)
{
  WtMailTargets targets;
  wt_mail_targets_init (&targets);
  wt_mail_policy_expand (server, path->local_part, &targets);
  gboolean elsewhere = server->settings->lmtp_to != NULL;
  gboolean many = targets.users->len + targets.others->len > 1;
  for (guint i = 0; i < targets.users->len; i++)
    {
      WtSmtpPath *mailbox = wt_smtp_path_new (g_ptr_array_index (targets.users, i), domain_of (server, path));
      pass_on (mailbox, path, many);
      add (elsewhere ? self->others : self->mailboxes, mailbox, !elsewhere);
    }
  for (guint i = 0; i < targets.others->len; i++)
    {
      WtSmtpPath *other = wt_smtp_path_copy (g_ptr_array_index (targets.others, i));
      pass_on (other, path, many);
      add (self->others, other, FALSE);
    }
  if (many && (path->notify & WT_SMTP_NOTIFY_SUCCESS))
    add (self->expanded, wt_smtp_path_copy (path), FALSE);
  wt_mail_targets_clear (&targets);
}

void
wt_mail_audience_add (WtMailAudience *self, WtMailServer *server, const WtSmtpPath *path)
{
  if (wt_mail_policy_is_local (server, path))
    add_local (self, server, path);
  else
    add (self->others, wt_smtp_path_copy (path), FALSE);
}
