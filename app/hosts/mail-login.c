/* Who may read which mailbox. */
#include "app/hosts/mail-server-private.h"

#include <string.h>

const WtMailUser *
wt_mail_login_user (WtMailServer *self, const char *name)
{
  const char *at = strrchr (name, '@');
  if (at == NULL)
    return wt_mail_settings_user (self->settings, name);
  if (!wt_mail_settings_is_local (self->settings, at + 1))
    return NULL;
  g_autofree char *local = g_strndup (name, at - name);
  return wt_mail_settings_user (self->settings, local);
}

/* As long for a wrong password as for a right one, whatever part of it is right. */
static gboolean
equal (const char *a, const char *b)
{
  gsize n_a = strlen (a), n_b = strlen (b);
  guint different = n_a != n_b;
  for (gsize i = 0; i < n_a; i++)
    different |= (guchar) a[i] ^ (guchar) (i < n_b ? b[i] : 0);
  return different == 0;
}

const WtMailUser *
wt_mail_login (WtMailServer *self, const char *name, const char *password)
{
  const WtMailUser *user = wt_mail_login_user (self, name);
  return user && equal (password, user->password) ? user : NULL;
}
