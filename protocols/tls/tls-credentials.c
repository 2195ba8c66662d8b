/* Certificates and keys: made, read, shared. */
#include "protocols/tls/tls-private.h"

#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <string.h>

#define SERIAL_SIZE 16

G_DEFINE_QUARK (wt-tls-error-quark, wt_tls_error)

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_x509_crt_t, gnutls_x509_crt_deinit, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_x509_privkey_t, gnutls_x509_privkey_deinit, NULL)

static gboolean
check (int result, const char *what, GError **error)
{
  if (result >= 0)
    return TRUE;
  g_set_error (error, WT_TLS_ERROR, WT_TLS_ERROR_CREDENTIALS, "%s: %s", what, gnutls_strerror (result));
  return FALSE;
}

/* --- making ------------------------------------------------------------------------------------------------------- */

static gboolean
parse_address (const char *name, guint8 address[4])
{
  g_auto (GStrv) parts = g_strsplit (name, ".", 5);

  if (g_strv_length (parts) != 4)
    return FALSE;
  for (guint i = 0; i < 4; i++)
    {
      guint64 number;
      if (!g_ascii_string_to_unsigned (parts[i], 10, 0, 255, &number, NULL))
        return FALSE;
      address[i] = number;
    }
  return TRUE;
}

static int
add_name (gnutls_x509_crt_t certificate, const char *name)
{
  guint8 address[4];

  if (parse_address (name, address))
    return gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_IPADDRESS, address, sizeof address,
                                                 GNUTLS_FSAN_APPEND);
  return gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_DNSNAME, name, strlen (name), GNUTLS_FSAN_APPEND);
}

/* All that a certificate says. */
static int
fill_in (gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key, const WtTlsCertificateRequest *request)
{
  guint8 serial[SERIAL_SIZE];
  int result = gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial);

  serial[0] = (serial[0] & 0x3f) | 0x40; /* positive, and always of one length */
  if (result >= 0)
    result = gnutls_x509_crt_set_version (certificate, 3);
  if (result >= 0)
    result = gnutls_x509_crt_set_serial (certificate, serial, sizeof serial);
  if (result >= 0)
    result = gnutls_x509_crt_set_activation_time (certificate, request->from);
  if (result >= 0)
    result = gnutls_x509_crt_set_expiration_time (certificate, request->until);
  if (result >= 0)
    result = gnutls_x509_crt_set_dn_by_oid (certificate, GNUTLS_OID_X520_COMMON_NAME, 0, request->names[0],
                                            strnlen (request->names[0], 64)); /* RFC 5280 appendix A.1: at most 64 */
  for (guint i = 0; result >= 0 && request->names[i] != NULL; i++)
    result = add_name (certificate, request->names[i]);
  if (result >= 0)
    result = gnutls_x509_crt_set_key (certificate, key);
  if (result >= 0)
    result = gnutls_x509_crt_set_basic_constraints (certificate, 0, -1);
  if (result >= 0)
    result = gnutls_x509_crt_set_key_usage (certificate, GNUTLS_KEY_DIGITAL_SIGNATURE);
  if (result >= 0)
    result = gnutls_x509_crt_set_key_purpose_oid (certificate, GNUTLS_KP_TLS_WWW_SERVER, 0);
  return result;
}

static int
generate_key (gnutls_x509_privkey_t key, WtTlsKeyType type)
{
  if (type == WT_TLS_KEY_ED25519)
    return gnutls_x509_privkey_generate (key, GNUTLS_PK_EDDSA_ED25519,
                                         GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_ED25519), 0);
  return gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0);
}

static GBytes *
take_datum (gnutls_datum_t *datum)
{
  GBytes *bytes = g_bytes_new (datum->data, datum->size);
  gnutls_memset (datum->data, 0, datum->size); /* it may be a key */
  gnutls_free (datum->data);
  return bytes;
}

gboolean
wt_tls_make_certificate (const WtTlsCertificateRequest *request, GBytes **certificate, GBytes **key, GError **error)
{
  g_return_val_if_fail (request != NULL && request->names != NULL && request->names[0] != NULL, FALSE);
  g_auto (gnutls_x509_crt_t) made = NULL;
  g_auto (gnutls_x509_privkey_t) made_key = NULL;
  gnutls_datum_t pem, key_pem;

  gnutls_x509_crt_init (&made);
  gnutls_x509_privkey_init (&made_key);
  if (!check (generate_key (made_key, request->key_type), "making a key", error)
      || !check (fill_in (made, made_key, request), "making a certificate", error))
    return FALSE;
  gnutls_digest_algorithm_t digest = request->key_type == WT_TLS_KEY_ED25519 ? GNUTLS_DIG_SHA512 : GNUTLS_DIG_SHA256;
  if (!check (gnutls_x509_crt_sign2 (made, made, made_key, digest, 0), "signing a certificate", error)
      || !check (gnutls_x509_crt_export2 (made, GNUTLS_X509_FMT_PEM, &pem), "writing a certificate", error))
    return FALSE;
  *certificate = take_datum (&pem);
  if (!check (gnutls_x509_privkey_export2_pkcs8 (made_key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &key_pem),
              "writing a key", error))
    {
      g_clear_pointer (certificate, g_bytes_unref);
      return FALSE;
    }
  *key = take_datum (&key_pem);
  return TRUE;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static WtTlsCredentials *
credentials_new (void)
{
  WtTlsCredentials *self = g_new0 (WtTlsCredentials, 1);
  g_atomic_ref_count_init (&self->ref_count);
  gnutls_certificate_allocate_credentials (&self->certificates);
  return self;
}

static gnutls_datum_t
to_datum (GBytes *bytes)
{
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);
  return (gnutls_datum_t){ (unsigned char *)data, size };
}

WtTlsCredentials *
wt_tls_credentials_new_server (GBytes *certificate, GBytes *key, GError **error)
{
  g_return_val_if_fail (certificate != NULL && key != NULL, NULL);
  g_autoptr (WtTlsCredentials) self = credentials_new ();
  gnutls_datum_t pem = to_datum (certificate), key_pem = to_datum (key);

  if (!check (gnutls_certificate_set_x509_key_mem (self->certificates, &pem, &key_pem, GNUTLS_X509_FMT_PEM),
              "a certificate and its key, PEM, are needed", error))
    return NULL;
  return g_steal_pointer (&self);
}

WtTlsCredentials *
wt_tls_credentials_new_client (GBytes *trusted, GError **error)
{
  g_autoptr (WtTlsCredentials) self = credentials_new ();

  gnutls_certificate_set_verify_function (self->certificates, wt_tls_on_certificate);
  /* dates are compared with the session's clock: tls-verify.c */
  gnutls_certificate_set_verify_flags (self->certificates,
                                       GNUTLS_VERIFY_DISABLE_TIME_CHECKS | GNUTLS_VERIFY_DISABLE_TRUSTED_TIME_CHECKS);
  if (trusted == NULL)
    gnutls_certificate_set_x509_system_trust (self->certificates); /* none found: nobody is trusted */
  else
    {
      gnutls_datum_t pem = to_datum (trusted);
      int count = gnutls_certificate_set_x509_trust_mem (self->certificates, &pem, GNUTLS_X509_FMT_PEM);
      if (count == 0 && pem.size > 0) /* a file of something else; no bytes at all mean that nobody is trusted */
        count = GNUTLS_E_NO_CERTIFICATE_FOUND;
      if (!check (count, "certificates, PEM, are needed", error))
        return NULL;
    }
  return g_steal_pointer (&self);
}

WtTlsCredentials *
wt_tls_credentials_ref (WtTlsCredentials *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
wt_tls_credentials_unref (WtTlsCredentials *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  gnutls_certificate_free_credentials (self->certificates);
  g_free (self);
}
