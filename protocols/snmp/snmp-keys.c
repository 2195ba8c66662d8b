/* Keys: from passwords, localised, lengthened (RFC 3414 A.2, RFC 7860 9.3, drafts of Blumenthal and Reeder). */
#include "protocols/snmp/snmp-usm.h"

#include <nettle/nettle-meta.h>
#include <nettle/sha2.h>
#include <string.h>

#define STRETCHED (1 << 20) /* bytes of repeated password that are digested, RFC 3414 A.2 */

static const struct {
  const char *name, *other_name;
  gsize digest_size;
} auths[WT_SNMP_N_AUTHS] = {
  [WT_SNMP_AUTH_NONE] = { "none", NULL, 0 },           [WT_SNMP_AUTH_MD5] = { "MD5", NULL, 12 },
  [WT_SNMP_AUTH_SHA] = { "SHA", "SHA-1", 12 },         [WT_SNMP_AUTH_SHA224] = { "SHA-224", "SHA224", 16 },
  [WT_SNMP_AUTH_SHA256] = { "SHA-256", "SHA256", 24 }, [WT_SNMP_AUTH_SHA384] = { "SHA-384", "SHA384", 32 },
  [WT_SNMP_AUTH_SHA512] = { "SHA-512", "SHA512", 48 },
};

static const struct {
  const char *name, *other_name;
  gsize key_size; /* bytes; DES: with its pre-IV */
} privs[WT_SNMP_N_PRIVS] = {
  [WT_SNMP_PRIV_NONE] = { "none", NULL, 0 },
  [WT_SNMP_PRIV_DES] = { "DES", NULL, 16 },
  [WT_SNMP_PRIV_AES] = { "AES", "AES-128", 16 },
  [WT_SNMP_PRIV_AES192] = { "AES-192", "AES192", 24 },
  [WT_SNMP_PRIV_AES256] = { "AES-256", "AES256", 32 },
  [WT_SNMP_PRIV_AES192C] = { "AES-192-C", "AES192C", 24 },
  [WT_SNMP_PRIV_AES256C] = { "AES-256-C", "AES256C", 32 },
};

static gboolean
is_called (const char *text, const char *name, const char *other_name)
{
  return g_ascii_strcasecmp (text, name) == 0 || (other_name && g_ascii_strcasecmp (text, other_name) == 0);
}

gboolean
wt_snmp_auth_parse (const char *text, WtSnmpAuth *auth)
{
  for (guint i = 0; i < WT_SNMP_N_AUTHS; i++)
    if (is_called (text, auths[i].name, auths[i].other_name))
      return *auth = i, TRUE;
  return FALSE;
}

gboolean
wt_snmp_priv_parse (const char *text, WtSnmpPriv *priv)
{
  for (guint i = 0; i < WT_SNMP_N_PRIVS; i++)
    if (is_called (text, privs[i].name, privs[i].other_name))
      return *priv = i, TRUE;
  return FALSE;
}

const char *
wt_snmp_auth_name (WtSnmpAuth auth)
{
  return auths[auth].name;
}

const char *
wt_snmp_priv_name (WtSnmpPriv priv)
{
  return privs[priv].name;
}

const char *
wt_snmp_level_name (WtSnmpLevel level)
{
  return level == WT_SNMP_AUTH_PRIV ? "authPriv" : level == WT_SNMP_AUTH_NO_PRIV ? "authNoPriv" : "noAuthNoPriv";
}

gsize
wt_snmp_auth_digest_size (WtSnmpAuth auth)
{
  return auths[auth].digest_size;
}

/* --- hashes ------------------------------------------------------------------------------------------------------ */

typedef union {
  guint8 bytes[512];
  guint64 aligned;
} HashState; /* of any of them */

G_STATIC_ASSERT (sizeof (struct sha512_ctx) <= sizeof (HashState));

static const struct nettle_hash *
hash_of (WtSnmpAuth auth)
{
  switch (auth)
    {
    case WT_SNMP_AUTH_MD5:
      return &nettle_md5;
    case WT_SNMP_AUTH_SHA:
      return &nettle_sha1;
    case WT_SNMP_AUTH_SHA224:
      return &nettle_sha224;
    case WT_SNMP_AUTH_SHA256:
      return &nettle_sha256;
    case WT_SNMP_AUTH_SHA384:
      return &nettle_sha384;
    default:
      return &nettle_sha512;
    }
}

static void
stretch (WtSnmpAuth auth, const guint8 *password, gsize n_bytes, WtSnmpKey *key)
{
  const struct nettle_hash *hash = hash_of (auth);
  g_autofree guint8 *stretched = g_malloc (STRETCHED);
  HashState state;
  for (gsize at = 0; at < STRETCHED; at += n_bytes)
    memcpy (stretched + at, password, MIN (n_bytes, STRETCHED - at));
  hash->init (&state);
  hash->update (&state, STRETCHED, stretched);
  key->n = hash->digest_size;
  hash->digest (&state, key->n, key->bytes);
}

void
wt_snmp_key_from_password (WtSnmpAuth auth, const char *password, WtSnmpKey *key)
{
  stretch (auth, (const guint8 *) password, MAX (strlen (password), 1), key);
}

void
wt_snmp_key_localize (WtSnmpAuth auth, const WtSnmpKey *key, WtSlice engine_id, WtSnmpKey *localized)
{
  const struct nettle_hash *hash = hash_of (auth);
  HashState state;
  hash->init (&state);
  hash->update (&state, key->n, key->bytes);
  hash->update (&state, engine_id.n, engine_id.bytes);
  hash->update (&state, key->n, key->bytes);
  localized->n = hash->digest_size;
  hash->digest (&state, localized->n, localized->bytes);
}

/* --- keys longer than the digest --------------------------------------------------------------------------------- */

static void
append (WtSnmpKey *key, const WtSnmpKey *more)
{
  gsize n_bytes = MIN (more->n, WT_SNMP_KEY_MAX - key->n);
  memcpy (key->bytes + key->n, more->bytes, n_bytes);
  key->n += n_bytes;
}

/* The digest of the key so far is put behind it. */
static void
extend_blumenthal (WtSnmpAuth auth, WtSnmpKey *key)
{
  const struct nettle_hash *hash = hash_of (auth);
  HashState state;
  WtSnmpKey more = { .n = hash->digest_size };
  hash->init (&state);
  hash->update (&state, key->n, key->bytes);
  hash->digest (&state, more.n, more.bytes);
  append (key, &more);
}

/* The key so far is taken for a password, out of which the next piece is made. */
static void
extend_reeder (WtSnmpAuth auth, WtSlice engine_id, WtSnmpKey *key)
{
  WtSnmpKey stretched, more;
  stretch (auth, key->bytes, key->n, &stretched);
  wt_snmp_key_localize (auth, &stretched, engine_id, &more);
  append (key, &more);
}

void
wt_snmp_key_for_priv (WtSnmpAuth auth, WtSnmpPriv priv, const WtSnmpKey *key, WtSlice engine_id, WtSnmpKey *localized)
{
  wt_snmp_key_localize (auth, key, engine_id, localized);
  while (localized->n < privs[priv].key_size)
    if (priv == WT_SNMP_PRIV_AES192C || priv == WT_SNMP_PRIV_AES256C)
      extend_reeder (auth, engine_id, localized);
    else
      extend_blumenthal (auth, localized);
  localized->n = privs[priv].key_size;
}

/* --- engine ids -------------------------------------------------------------------------------------------------- */

#define ENGINE_ID_TEXT 4 /* its format, RFC 3411 5 */

GBytes *
wt_snmp_engine_id_new (guint32 enterprise, const char *text)
{
  guint8 id[WT_SNMP_ENGINE_ID_MAX] = { 0x80 | enterprise >> 24, enterprise >> 16 & 0xff, enterprise >> 8 & 0xff,
                                       enterprise & 0xff, ENGINE_ID_TEXT };
  gsize n_bytes = MIN (strlen (text), sizeof id - 5);
  memcpy (id + 5, text, n_bytes);
  return g_bytes_new (id, 5 + n_bytes);
}
