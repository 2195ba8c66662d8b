/* Keys for looking into messages of others. */
#include "protocols/snmp/snmp-crypt.h"
#include "protocols/snmp/snmp-dissect.h"

#include <string.h>

typedef struct {
  char name[WT_SNMP_USER_NAME_MAX + 1];
  WtSnmpAuth auth;
  WtSnmpPriv priv;
  char *auth_password, *priv_password;
  WtSnmpKey auth_key, priv_key;
} Holder;

struct _WtSnmpKeyring {
  GArray *holders; /* (element-type Holder) */
};

static void
clear_holder (gpointer data)
{
  Holder *holder = data;
  g_free (holder->auth_password);
  g_free (holder->priv_password);
}

static void
keyring_clear (gpointer data)
{
  WtSnmpKeyring *self = data;
  g_array_unref (self->holders);
}

WtSnmpKeyring *
wt_snmp_keyring_ref (WtSnmpKeyring *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
wt_snmp_keyring_unref (WtSnmpKeyring *self)
{
  if (self)
    g_atomic_rc_box_release_full (self, keyring_clear);
}

static gboolean
is_same (const Holder *holder, const WtSnmpUser *user)
{
  return strcmp (holder->name, user->name) == 0 && holder->auth == user->auth && holder->priv == user->priv
         && g_strcmp0 (holder->auth_password, user->auth_password) == 0
         && g_strcmp0 (holder->priv_password, user->priv_password) == 0;
}

static void
append_copy (WtSnmpKeyring *self, const Holder *holder)
{
  Holder copy = *holder;
  copy.auth_password = g_strdup (holder->auth_password);
  copy.priv_password = g_strdup (holder->priv_password);
  g_array_append_val (self->holders, copy);
}

static void
append_user (WtSnmpKeyring *self, const WtSnmpUser *user)
{
  Holder holder = { .auth = user->auth, .priv = user->priv };
  g_strlcpy (holder.name, user->name, sizeof holder.name);
  holder.auth_password = g_strdup (user->auth_password);
  holder.priv_password = g_strdup (user->priv_password);
  if (user->auth != WT_SNMP_AUTH_NONE && user->auth_password)
    wt_snmp_key_from_password (user->auth, user->auth_password, &holder.auth_key);
  if (user->priv != WT_SNMP_PRIV_NONE && user->priv_password)
    wt_snmp_key_from_password (user->auth, user->priv_password, &holder.priv_key);
  g_array_append_val (self->holders, holder);
}

WtSnmpKeyring *
wt_snmp_keyring_with (WtSnmpKeyring *old, const WtSnmpUser *user)
{
  for (guint i = 0; old && i < old->holders->len; i++)
    if (is_same (&g_array_index (old->holders, Holder, i), user))
      return wt_snmp_keyring_ref (old);
  WtSnmpKeyring *self = g_atomic_rc_box_new0 (WtSnmpKeyring);
  self->holders = g_array_new (FALSE, FALSE, sizeof (Holder));
  g_array_set_clear_func (self->holders, clear_holder);
  for (guint i = 0; old && i < old->holders->len; i++)
    append_copy (self, &g_array_index (old->holders, Holder, i));
  append_user (self, user);
  return self;
}

/* --- opening ----------------------------------------------------------------------------------------------------- */

static gboolean
is_called (const Holder *holder, WtSlice name)
{
  return strlen (holder->name) == name.n && memcmp (holder->name, name.bytes, name.n) == 0;
}

static gboolean
is_right (const Holder *holder, const WtSnmpMessage *message, const guint8 *bytes, gsize n_bytes)
{
  const WtSlice *sent = &message->auth_parameters;
  guint8 digest[WT_SNMP_DIGEST_MAX];
  WtSnmpKey key;
  if (sent->n != wt_snmp_auth_digest_size (holder->auth))
    return FALSE;
  wt_snmp_key_localize (holder->auth, &holder->auth_key, message->engine_id, &key);
  wt_snmp_digest (holder->auth, &key, bytes, n_bytes, sent->bytes - bytes, digest);
  return wt_snmp_digest_equal (digest, sent->bytes, sent->n);
}

static gboolean
decrypt (const Holder *holder, const WtSnmpMessage *message, GByteArray *clear)
{
  WtSnmpKey key;
  if (message->priv_parameters.n != WT_SNMP_SALT_SIZE || message->encrypted.n % wt_snmp_priv_block (holder->priv) != 0)
    return FALSE;
  wt_snmp_key_for_priv (holder->auth, holder->priv, &holder->priv_key, message->engine_id, &key);
  g_byte_array_append (clear, message->encrypted.bytes, message->encrypted.n);
  wt_snmp_decrypt (holder->priv, &key, message->engine_boots, message->engine_time, message->priv_parameters.bytes,
                   clear->data, clear->len);
  return TRUE;
}

WtSnmpKeyringResult
wt_snmp_keyring_open (const WtSnmpKeyring *self, const WtSnmpMessage *message, const guint8 *bytes, gsize n_bytes,
                      GByteArray *clear)
{
  WtSnmpKeyringResult result = WT_SNMP_KEYRING_NO_USER;
  gboolean encrypted = message->flags & WT_SNMP_FLAG_PRIV;
  for (guint i = 0; self && i < self->holders->len; i++)
    {
      const Holder *holder = &g_array_index (self->holders, Holder, i);
      if (!is_called (holder, message->user_name) || holder->auth_key.n == 0 || (encrypted && holder->priv_key.n == 0))
        continue;
      result = WT_SNMP_KEYRING_WRONG;
      if (is_right (holder, message, bytes, n_bytes) && (!encrypted || decrypt (holder, message, clear)))
        return WT_SNMP_KEYRING_RIGHT;
    }
  return result;
}
