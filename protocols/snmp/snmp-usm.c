/* One engine's users and what it knows of other engines (RFC 3414 2). Messages are in snmp-usm-message.c. */
#include "protocols/snmp/snmp-usm-private.h"

#include <glib/gi18n.h>
#include <string.h>

G_DEFINE_QUARK (wt-snmp-usm-error-quark, wt_snmp_usm_error)

/* --- users ------------------------------------------------------------------------------------------------------- */

static void
user_free (gpointer data)
{
  WtUsmUser *user = data;
  g_free (user->name);
  g_free (user->auth_password);
  g_free (user->priv_password);
  g_free (user);
}

static gboolean
too_short (const char *password)
{
  return password == NULL || strlen (password) < WT_SNMP_PASSWORD_LEAST;
}

static gboolean
check_passwords (const WtSnmpUser *user, GError **error)
{
  if (user->auth != WT_SNMP_AUTH_NONE && too_short (user->auth_password))
    g_set_error (error, WT_SNMP_USM_ERROR, WT_SNMP_USM_ERROR_USER,
                 _ ("user “%s”: the password for authentication is too short; it needs %d bytes"), user->name,
                 WT_SNMP_PASSWORD_LEAST);
  else if (user->priv != WT_SNMP_PRIV_NONE && too_short (user->priv_password))
    g_set_error (error, WT_SNMP_USM_ERROR, WT_SNMP_USM_ERROR_USER,
                 _ ("user “%s”: the password for privacy is too short; it needs %d bytes"), user->name,
                 WT_SNMP_PASSWORD_LEAST);
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_user (const WtSnmpUsm *self, const WtSnmpUser *user, GError **error)
{
  gsize length = strlen (user->name);
  if (length == 0 || length > WT_SNMP_USER_NAME_MAX)
    g_set_error (error, WT_SNMP_USM_ERROR, WT_SNMP_USM_ERROR_USER, _ ("user “%s”: a name has 1 to %d bytes"),
                 user->name, WT_SNMP_USER_NAME_MAX);
  else if (user->priv != WT_SNMP_PRIV_NONE && user->auth == WT_SNMP_AUTH_NONE)
    g_set_error (error, WT_SNMP_USM_ERROR, WT_SNMP_USM_ERROR_USER,
                 _ ("user “%s”: privacy needs authentication (RFC 3411 3.4.3)"), user->name);
  else if (g_hash_table_size (self->users) >= WT_SNMP_USERS_MAX)
    g_set_error (error, WT_SNMP_USM_ERROR, WT_SNMP_USM_ERROR_USER, _ ("user “%s”: there are %d users already"),
                 user->name, WT_SNMP_USERS_MAX);
  else
    return check_passwords (user, error);
  return FALSE;
}

/* Keys that were made for a user who is replaced. */
static void
forget_keys (WtSnmpUsm *self)
{
  GHashTableIter iter;
  gpointer engine;
  g_hash_table_iter_init (&iter, self->engines);
  while (g_hash_table_iter_next (&iter, NULL, &engine))
    g_hash_table_remove_all (((WtUsmEngine *) engine)->keys);
}

gboolean
wt_snmp_usm_add_user (WtSnmpUsm *self, const WtSnmpUser *user, GError **error)
{
  if (!check_user (self, user, error))
    return FALSE;
  WtUsmUser *copy = g_new0 (WtUsmUser, 1);
  copy->name = g_strdup (user->name);
  copy->auth = user->auth;
  copy->priv = user->priv;
  copy->auth_password = g_strdup (user->auth_password);
  copy->priv_password = g_strdup (user->priv_password);
  forget_keys (self);
  g_hash_table_replace (self->users, copy->name, copy);
  return TRUE;
}

WtUsmUser *
wt_usm_find_user (const WtSnmpUsm *self, WtSlice name)
{
  char text[WT_SNMP_USER_NAME_MAX + 1];
  if (name.n > WT_SNMP_USER_NAME_MAX || (name.n > 0 && memchr (name.bytes, 0, name.n)))
    return NULL;
  if (name.n > 0)
    memcpy (text, name.bytes, name.n);
  text[name.n] = '\0';
  return g_hash_table_lookup (self->users, text);
}

WtSnmpLevel
wt_usm_level_of (const WtUsmUser *user)
{
  if (user->priv != WT_SNMP_PRIV_NONE)
    return WT_SNMP_AUTH_PRIV;
  return user->auth != WT_SNMP_AUTH_NONE ? WT_SNMP_AUTH_NO_PRIV : WT_SNMP_NO_AUTH_NO_PRIV;
}

WtSnmpLevel
wt_snmp_usm_user_level (const WtSnmpUsm *self, const char *name)
{
  const WtUsmUser *user = g_hash_table_lookup (self->users, name);
  return user ? wt_usm_level_of (user) : 0;
}

/* --- engines ----------------------------------------------------------------------------------------------------- */

static WtUsmEngine *
engine_new (GBytes *id)
{
  WtUsmEngine *engine = g_new0 (WtUsmEngine, 1);
  engine->id = g_bytes_ref (id);
  engine->keys = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  return engine;
}

static void
engine_free (gpointer data)
{
  WtUsmEngine *engine = data;
  g_bytes_unref (engine->id);
  g_hash_table_unref (engine->keys);
  g_free (engine);
}

WtUsmEngine *
wt_usm_find_engine (const WtSnmpUsm *self, WtSlice id)
{
  if (id.n == 0)
    return NULL;
  g_autoptr (GBytes) key = g_bytes_new_static (id.bytes, id.n);
  return g_hash_table_lookup (self->engines, key);
}

/* Room for one more: the one that was silent longest goes. Never the engine itself. */
static void
forget_an_engine (WtSnmpUsm *self)
{
  GHashTableIter iter;
  gpointer value;
  WtUsmEngine *oldest = NULL;
  g_hash_table_iter_init (&iter, self->engines);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      WtUsmEngine *engine = value;
      if (engine != self->own && (oldest == NULL || engine->heard < oldest->heard))
        oldest = engine;
    }
  if (oldest)
    g_hash_table_remove (self->engines, oldest->id);
}

WtUsmEngine *
wt_usm_add_engine (WtSnmpUsm *self, WtSlice id)
{
  WtUsmEngine *engine = wt_usm_find_engine (self, id);
  if (engine)
    return engine;
  if (g_hash_table_size (self->engines) > WT_SNMP_ENGINES_MAX)
    forget_an_engine (self);
  g_autoptr (GBytes) bytes = g_bytes_new (id.bytes, id.n);
  engine = engine_new (bytes);
  g_hash_table_insert (self->engines, engine->id, engine);
  return engine;
}

/* What the engine's clock shows at `now`, as far as known (RFC 3414 2.3). */
guint32
wt_usm_engine_time (const WtSnmpUsm *self, const WtUsmEngine *engine, gint64 now)
{
  if (engine == self->own)
    return wt_snmp_usm_time (self, now);
  return engine->boots == 0 && engine->time == 0 ? 0 : engine->time + (guint32) ((now - engine->heard) / NANOSECONDS);
}

void
wt_usm_engine_heard (WtUsmEngine *engine, gint64 now, guint32 boots, guint32 time, gboolean believed)
{
  engine->boots = boots;
  engine->time = engine->latest = time;
  engine->heard = now;
  engine->known = TRUE;
  engine->believed = believed;
}

void
wt_snmp_usm_learn_engine (WtSnmpUsm *self, gint64 now, WtSlice engine_id, guint32 boots, guint32 time)
{
  if (engine_id.n < WT_SNMP_ENGINE_ID_LEAST || engine_id.n > WT_SNMP_ENGINE_ID_MAX)
    return;
  WtUsmEngine *engine = wt_usm_add_engine (self, engine_id);
  if (!engine->believed)
    wt_usm_engine_heard (engine, now, boots, time, engine == self->own);
}

/* Made when they are first needed: a password takes milliseconds. */
const WtUsmKeys *
wt_usm_keys (WtUsmEngine *engine, WtUsmUser *user)
{
  WtUsmKeys *keys = g_hash_table_lookup (engine->keys, user);
  if (keys)
    return keys;
  WtSlice id = { g_bytes_get_data (engine->id, NULL), g_bytes_get_size (engine->id) };
  keys = g_new0 (WtUsmKeys, 1);
  if (user->auth != WT_SNMP_AUTH_NONE)
    {
      if (user->auth_key.n == 0)
        wt_snmp_key_from_password (user->auth, user->auth_password, &user->auth_key);
      wt_snmp_key_localize (user->auth, &user->auth_key, id, &keys->auth);
    }
  if (user->priv != WT_SNMP_PRIV_NONE)
    {
      if (user->priv_key.n == 0)
        wt_snmp_key_from_password (user->auth, user->priv_password, &user->priv_key);
      wt_snmp_key_for_priv (user->auth, user->priv, &user->priv_key, id, &keys->priv);
    }
  g_hash_table_insert (engine->keys, user, keys);
  return keys;
}

/* --- the engine itself ------------------------------------------------------------------------------------------- */

WtSnmpUsm *
wt_snmp_usm_new (const WtSnmpUsmConfig *config)
{
  WtSnmpUsm *self = g_new0 (WtSnmpUsm, 1);
  self->users = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, user_free);
  self->engines = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, NULL, engine_free);
  self->own = engine_new (config->engine_id);
  self->own->boots = config->boots;
  self->own->known = self->own->believed = TRUE;
  self->start = config->start;
  self->salt = config->salt;
  g_hash_table_insert (self->engines, self->own->id, self->own);
  return self;
}

GBytes *
wt_snmp_usm_engine_id (const WtSnmpUsm *self)
{
  return self->own->id;
}

guint32
wt_snmp_usm_boots (const WtSnmpUsm *self)
{
  return self->own->boots;
}

/* It stays at its largest value; 68 years on, somebody has to start the engine again (RFC 3414 2.2.2). */
guint32
wt_snmp_usm_time (const WtSnmpUsm *self, gint64 now)
{
  return CLAMP ((now - self->start) / NANOSECONDS, 0, G_MAXINT32);
}

guint32
wt_snmp_usm_ticks (const WtSnmpUsm *self, gint64 now)
{
  return (guint32) (MAX (now - self->start, 0) / (NANOSECONDS / 100));
}

guint32
wt_snmp_usm_stat (const WtSnmpUsm *self, WtSnmpUsmStat stat)
{
  return self->stats[stat];
}

void
wt_snmp_usm_free (WtSnmpUsm *self)
{
  if (self == NULL)
    return;
  wt_ber_writer_clear (&self->scoped);
  g_hash_table_unref (self->engines);
  g_hash_table_unref (self->users);
  g_free (self);
}
