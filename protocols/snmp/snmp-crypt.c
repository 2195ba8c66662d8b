/* Digests and ciphers of USM, by Nettle. */
#include "protocols/snmp/snmp-crypt.h"

#include <nettle/aes.h>
#include <nettle/cbc.h>
#include <nettle/cfb.h>
#include <nettle/des.h>
#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <string.h>

/* --- digests ----------------------------------------------------------------------------------------------------- */

#define DIGEST(type, function, digest_size)                                                                            \
  {                                                                                                                    \
    struct type context;                                                                                               \
    function##_set_key (&context, key->n, key->bytes);                                                                 \
    function##_update (&context, at, bytes);                                                                           \
    function##_update (&context, size, zeroes);                                                                        \
    function##_update (&context, n_bytes - at - size, bytes + at + size);                                              \
    function##_digest (&context, digest_size, digest);                                                                 \
    break;                                                                                                             \
  }

void
wt_snmp_digest (WtSnmpAuth auth, const WtSnmpKey *key, const guint8 *bytes, gsize n_bytes, gsize at,
                guint8 digest[WT_SNMP_DIGEST_MAX])
{
  static const guint8 zeroes[WT_SNMP_DIGEST_MAX] = { 0 };
  gsize size = wt_snmp_auth_digest_size (auth);
  switch (auth)
    {
    case WT_SNMP_AUTH_MD5:
      DIGEST (hmac_md5_ctx, hmac_md5, size)
    case WT_SNMP_AUTH_SHA:
      DIGEST (hmac_sha1_ctx, hmac_sha1, size)
    case WT_SNMP_AUTH_SHA224:
      DIGEST (hmac_sha224_ctx, hmac_sha224, size)
    case WT_SNMP_AUTH_SHA256:
      DIGEST (hmac_sha256_ctx, hmac_sha256, size)
    case WT_SNMP_AUTH_SHA384:
      DIGEST (hmac_sha384_ctx, hmac_sha384, size)
    case WT_SNMP_AUTH_SHA512:
      DIGEST (hmac_sha512_ctx, hmac_sha512, size)
    default:
      break;
    }
}

gboolean
wt_snmp_digest_equal (const guint8 *a, const guint8 *b, gsize n_bytes)
{
  return memeql_sec (a, b, n_bytes);
}

/* --- DES (RFC 3414 8.1.1) ---------------------------------------------------------------------------------------- */

/* The salt and the second half of the key make the initial vector. */
static void
des_start (const WtSnmpKey *key, const guint8 *salt, struct des_ctx *des, guint8 iv[DES_BLOCK_SIZE])
{
  des_set_key (des, key->bytes); /* weak keys are said, and used all the same: RFC 3414 knows none */
  for (guint i = 0; i < DES_BLOCK_SIZE; i++)
    iv[i] = salt[i] ^ key->bytes[DES_KEY_SIZE + i];
}

/* --- AES in cipher feedback mode (RFC 3826 3.1.2) ---------------------------------------------------------------- */

typedef struct {
  union {
    struct aes128_ctx aes128;
    struct aes192_ctx aes192;
    struct aes256_ctx aes256;
  };
  nettle_cipher_func *encrypt; /* feedback modes decrypt with it, too */
  guint8 iv[AES_BLOCK_SIZE];
} Aes;

static void
write_32 (guint8 *bytes, guint32 number)
{
  number = GUINT32_TO_BE (number);
  memcpy (bytes, &number, 4);
}

static void
aes_start (WtSnmpPriv priv, const WtSnmpKey *key, guint32 boots, guint32 time, const guint8 *salt, Aes *aes)
{
  write_32 (aes->iv, boots);
  write_32 (aes->iv + 4, time);
  memcpy (aes->iv + 8, salt, WT_SNMP_SALT_SIZE);
  if (priv == WT_SNMP_PRIV_AES)
    {
      aes128_set_encrypt_key (&aes->aes128, key->bytes);
      aes->encrypt = (nettle_cipher_func *) aes128_encrypt;
    }
  else if (priv == WT_SNMP_PRIV_AES192 || priv == WT_SNMP_PRIV_AES192C)
    {
      aes192_set_encrypt_key (&aes->aes192, key->bytes);
      aes->encrypt = (nettle_cipher_func *) aes192_encrypt;
    }
  else
    {
      aes256_set_encrypt_key (&aes->aes256, key->bytes);
      aes->encrypt = (nettle_cipher_func *) aes256_encrypt;
    }
}

/* --- both -------------------------------------------------------------------------------------------------------- */

gsize
wt_snmp_priv_block (WtSnmpPriv priv)
{
  return priv == WT_SNMP_PRIV_DES ? DES_BLOCK_SIZE : 1;
}

/* What Nettle's modes have in common. */
typedef void (*Mode) (const void *context, nettle_cipher_func *cipher, size_t block_size, uint8_t *iv, size_t length,
                      uint8_t *to, const uint8_t *from);

typedef struct {
  Mode des_mode, aes_mode;
  nettle_cipher_func *des_cipher;
} Way;

static const Way encrypting = { cbc_encrypt, cfb_encrypt, (nettle_cipher_func *) des_encrypt };
static const Way decrypting = { cbc_decrypt, cfb_decrypt, (nettle_cipher_func *) des_decrypt };

static void
go (const Way *way, WtSnmpPriv priv, const WtSnmpKey *key, guint32 boots, guint32 time, const guint8 *salt,
    guint8 *bytes, gsize n_bytes)
{
  if (priv == WT_SNMP_PRIV_DES)
    {
      struct des_ctx des;
      guint8 iv[DES_BLOCK_SIZE];
      des_start (key, salt, &des, iv);
      way->des_mode (&des, way->des_cipher, DES_BLOCK_SIZE, iv, n_bytes, bytes, bytes);
      return;
    }
  Aes aes;
  aes_start (priv, key, boots, time, salt, &aes);
  way->aes_mode (&aes.aes128, aes.encrypt, AES_BLOCK_SIZE, aes.iv, n_bytes, bytes, bytes);
}

void
wt_snmp_encrypt (WtSnmpPriv priv, const WtSnmpKey *key, guint32 boots, guint32 time,
                 const guint8 salt[WT_SNMP_SALT_SIZE], guint8 *bytes, gsize n_bytes)
{
  go (&encrypting, priv, key, boots, time, salt, bytes, n_bytes);
}

void
wt_snmp_decrypt (WtSnmpPriv priv, const WtSnmpKey *key, guint32 boots, guint32 time,
                 const guint8 salt[WT_SNMP_SALT_SIZE], guint8 *bytes, gsize n_bytes)
{
  go (&decrypting, priv, key, boots, time, salt, bytes, n_bytes);
}
