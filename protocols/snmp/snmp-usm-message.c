/* Messages of version 3: checked and decrypted (RFC 3414 3.2), encrypted and signed (RFC 3414 3.1). */
#include "protocols/snmp/snmp-crypt.h"
#include "protocols/snmp/snmp-usm-private.h"

#include <string.h>

/* --- receiving --------------------------------------------------------------------------------------------------- */

typedef struct {
  WtSnmpMessage *message;
  const guint8 *bytes;
  gsize n_bytes;
  gboolean authoritative;
  gint64 now;
  WtUsmEngine *engine;
  WtUsmUser *user;
} Incoming;

static gboolean
slice_is (WtSlice slice, GBytes *bytes)
{
  gsize n_bytes;
  const guint8 *data = g_bytes_get_data (bytes, &n_bytes);
  return slice.n == n_bytes && memcmp (slice.bytes, data, n_bytes) == 0;
}

/* Step 3. A receiver of notifications takes them from engines that it has not heard of before, if their digest is
 * right: passwords are not bound to an engine. */
static gboolean
find_engine (WtSnmpUsm *self, Incoming *in)
{
  WtSlice id = in->message->engine_id;
  if (in->authoritative)
    in->engine = slice_is (id, self->own->id) ? self->own : NULL;
  else if (id.n >= WT_SNMP_ENGINE_ID_LEAST)
    in->engine = wt_usm_find_engine (self, id);
  return in->engine || (!in->authoritative && id.n >= WT_SNMP_ENGINE_ID_LEAST);
}

/* Step 5. */
static gboolean
has_level (const WtUsmUser *user, guint8 flags)
{
  return (!(flags & WT_SNMP_FLAG_AUTH) || user->auth != WT_SNMP_AUTH_NONE)
         && (!(flags & WT_SNMP_FLAG_PRIV) || user->priv != WT_SNMP_PRIV_NONE);
}

/* Step 6. Keys of an engine that is not known are made for this one time. */
static gboolean
is_authentic (Incoming *in)
{
  const WtSlice *sent = &in->message->auth_parameters;
  guint8 digest[WT_SNMP_DIGEST_MAX];
  WtSnmpKey localized;
  const WtSnmpKey *key = &localized;
  if (sent->n != wt_snmp_auth_digest_size (in->user->auth))
    return FALSE;
  if (in->engine)
    key = &wt_usm_keys (in->engine, in->user)->auth;
  else
    {
      if (in->user->auth_key.n == 0)
        wt_snmp_key_from_password (in->user->auth, in->user->auth_password, &in->user->auth_key);
      wt_snmp_key_localize (in->user->auth, &in->user->auth_key, in->message->engine_id, &localized);
    }
  wt_snmp_digest (in->user->auth, key, in->bytes, in->n_bytes, sent->bytes - in->bytes, digest);
  return wt_snmp_digest_equal (digest, sent->bytes, sent->n);
}

/* Step 7a: this side is the authority. */
static gboolean
is_in_own_window (const WtSnmpUsm *self, const Incoming *in)
{
  gint64 time = wt_snmp_usm_time (self, in->now);
  return self->own->boots != G_MAXINT32 && (guint32) in->message->engine_boots == self->own->boots
         && ABS (in->message->engine_time - time) <= WT_SNMP_TIME_WINDOW;
}

/* Step 7b: the other side is; what it says may move its clock forward. */
static gboolean
is_in_their_window (WtSnmpUsm *self, Incoming *in)
{
  guint32 boots = in->message->engine_boots, time = in->message->engine_time;
  WtUsmEngine *engine = in->engine;
  if (!engine->believed || boots > engine->boots || (boots == engine->boots && time > engine->latest))
    wt_usm_engine_heard (engine, in->now, boots, time, TRUE);
  if (boots == G_MAXINT32 || boots < engine->boots)
    return FALSE;
  return (gint64) time >= (gint64) wt_usm_engine_time (self, engine, in->now) - WT_SNMP_TIME_WINDOW;
}

/* Step 8. */
static gboolean
decrypt (Incoming *in, GByteArray *clear)
{
  const WtSnmpMessage *message = in->message;
  if (message->priv_parameters.n != WT_SNMP_SALT_SIZE
      || message->encrypted.n % wt_snmp_priv_block (in->user->priv) != 0)
    return FALSE;
  g_byte_array_set_size (clear, 0);
  g_byte_array_append (clear, message->encrypted.bytes, message->encrypted.n);
  wt_snmp_decrypt (in->user->priv, &wt_usm_keys (in->engine, in->user)->priv, message->engine_boots,
                   message->engine_time, message->priv_parameters.bytes, clear->data, clear->len);
  return TRUE;
}

/* Steps 3 to 7; 0: all is well. */
static WtSnmpUsmStat
check (WtSnmpUsm *self, Incoming *in)
{
  guint8 flags = in->message->flags;
  if (!find_engine (self, in))
    return WT_SNMP_USM_UNKNOWN_ENGINE;
  in->user = wt_usm_find_user (self, in->message->user_name);
  if (in->user == NULL)
    return WT_SNMP_USM_UNKNOWN_USER;
  if (!has_level (in->user, flags))
    return WT_SNMP_USM_UNSUPPORTED_LEVEL;
  if (!(flags & WT_SNMP_FLAG_AUTH))
    return 0;
  if (!is_authentic (in))
    return WT_SNMP_USM_WRONG_DIGEST;
  if (in->engine == NULL)
    in->engine = wt_usm_add_engine (self, in->message->engine_id);
  if (!(in->engine == self->own ? is_in_own_window (self, in) : is_in_their_window (self, in)))
    return WT_SNMP_USM_NOT_IN_TIME_WINDOW;
  return 0;
}

WtSnmpUsmStat
wt_snmp_usm_receive (WtSnmpUsm *self, gint64 now, WtSnmpMessage *message, const guint8 *bytes, gsize n_bytes,
                     gboolean authoritative, GByteArray *clear, WtSnmpProblem *problem)
{
  Incoming in = { message, bytes, n_bytes, authoritative, now, NULL, NULL };
  WtSnmpUsmStat stat = check (self, &in);
  if (stat == 0 && message->flags & WT_SNMP_FLAG_PRIV)
    {
      if (!decrypt (&in, clear))
        stat = WT_SNMP_USM_DECRYPTION_ERROR;
      else
        wt_snmp_message_parse_scoped (message, clear->data, clear->len, problem);
    }
  if (stat != 0)
    self->stats[stat]++;
  return stat;
}

/* --- sending ----------------------------------------------------------------------------------------------------- */

typedef struct {
  WtUsmUser *user; /* NULL: nobody, as in discovery and in Reports without authentication */
  const WtUsmKeys *keys;
  guint8 salt[WT_SNMP_SALT_SIZE];
} Outgoing;

/* DES: boots and a counter (RFC 3414 8.1.1.1); AES: 64 bits that do not come again (RFC 3826 3.1.2.1). */
static void
make_salt (WtSnmpUsm *self, WtSnmpPriv priv, guint32 boots, guint8 salt[WT_SNMP_SALT_SIZE])
{
  guint64 number = self->salt++;
  if (priv == WT_SNMP_PRIV_DES)
    number = (guint64) boots << 32 | (number & G_MAXUINT32);
  number = GUINT64_TO_BE (number);
  memcpy (salt, &number, sizeof number);
}

/* Leaves the encrypted scoped PDU in self->scoped, to which the message then points. */
static void
encrypt (WtSnmpUsm *self, Outgoing *out, WtSnmpMessage *message)
{
  static const guint8 padding[8] = { 0 };
  WtSnmpPriv priv = out->user->priv;
  gsize block = wt_snmp_priv_block (priv), length;
  self->scoped.start = self->scoped.size;
  wt_snmp_scoped_write (message, &self->scoped);
  length = wt_ber_writer_length (&self->scoped);
  if (length % block != 0) /* padding stands at the end, where the writer begins: write again behind it */
    {
      self->scoped.start = self->scoped.size;
      wt_ber_write_raw (&self->scoped, padding, block - length % block);
      wt_snmp_scoped_write (message, &self->scoped);
      length = wt_ber_writer_length (&self->scoped);
    }
  make_salt (self, priv, message->engine_boots, out->salt);
  wt_snmp_encrypt (priv, &out->keys->priv, message->engine_boots, message->engine_time, out->salt,
                   self->scoped.buffer + self->scoped.start, length);
  message->encrypted = (WtSlice){ self->scoped.buffer + self->scoped.start, length };
  message->priv_parameters = (WtSlice){ out->salt, sizeof out->salt };
}

/* Where msgAuthenticationParameters are in a message that we wrote. */
static gsize
find_auth_parameters (const guint8 *bytes, gsize n_bytes)
{
  WtBerReader reader = { .bytes = bytes, .end = n_bytes };
  WtBerElement element = { 0 };
  static const guint8 path[] = { 1, 3, 1, 5 }; /* element of each level: message, parameters, SEQUENCE, fifth of it */
  for (gsize level = 0; level < G_N_ELEMENTS (path); level++)
    {
      if (level > 0)
        reader = wt_ber_inside (&reader, &element);
      for (guint n = 0; n < path[level]; n++)
        wt_ber_next (&reader, &element);
    }
  return element.value;
}

static void
sign (const Outgoing *out, WtBerWriter *writer)
{
  guint8 digest[WT_SNMP_DIGEST_MAX];
  guint8 *bytes = writer->buffer + writer->start;
  gsize n_bytes = wt_ber_writer_length (writer), at = find_auth_parameters (bytes, n_bytes);
  wt_snmp_digest (out->user->auth, &out->keys->auth, bytes, n_bytes, at, digest);
  memcpy (bytes + at, digest, wt_snmp_auth_digest_size (out->user->auth));
}

static gboolean
find_sender (WtSnmpUsm *self, WtSnmpMessage *message, Outgoing *out)
{
  out->user = wt_usm_find_user (self, message->user_name);
  if (!(message->flags & WT_SNMP_FLAG_AUTH))
    return TRUE; /* also of a name that we do not know: a Report to somebody */
  if (out->user == NULL || !has_level (out->user, message->flags) || message->engine_id.n < WT_SNMP_ENGINE_ID_LEAST)
    return FALSE;
  out->keys = wt_usm_keys (wt_usm_add_engine (self, message->engine_id), out->user);
  return TRUE;
}

gboolean
wt_snmp_usm_send (WtSnmpUsm *self, gint64 now, WtSnmpMessage *message, WtBerWriter *writer)
{
  static const guint8 zeroes[WT_SNMP_DIGEST_MAX] = { 0 };
  Outgoing out = { 0 };
  if (!find_sender (self, message, &out))
    return FALSE;
  const WtUsmEngine *engine = wt_usm_find_engine (self, message->engine_id);
  gboolean timed = engine && (engine == self->own || message->flags & WT_SNMP_FLAG_AUTH);
  message->engine_boots = timed ? engine->boots : 0;
  message->engine_time = timed ? wt_usm_engine_time (self, engine, now) : 0;
  message->security_model = WT_SNMP_SECURITY_USM;
  message->encrypted = message->auth_parameters = message->priv_parameters = (WtSlice){ 0 };
  if (message->flags & WT_SNMP_FLAG_PRIV)
    encrypt (self, &out, message);
  if (message->flags & WT_SNMP_FLAG_AUTH)
    message->auth_parameters = (WtSlice){ zeroes, wt_snmp_auth_digest_size (out.user->auth) };
  wt_snmp_message_write (message, writer);
  if (message->flags & WT_SNMP_FLAG_AUTH)
    sign (&out, writer);
  message->auth_parameters = message->priv_parameters = message->encrypted = (WtSlice){ 0 };
  return TRUE;
}
