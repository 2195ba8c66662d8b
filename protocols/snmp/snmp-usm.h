/* The User-based Security Model (RFC 3414, RFC 3826, RFC 7860): who sent it, was it changed, is it late, can others
 * read it.
 *
 * A WtSnmpUsm is one engine's knowledge: its own engine id, its users with their passwords, and the boots and time of
 * other engines that it has talked to. An agent and a manager on the same host may share one. No clock, no random
 * source: time comes in with each call (ns that never go back), salts begin at config.salt.
 *
 * Keys: a password is stretched to a key (RFC 3414 A.2), which is localised for each engine. AES-192 and AES-256 are in
 * no RFC; keys longer than the digest are extended as draft-blumenthal-aes-usm-04 3.1.2.1 has it (net-snmp's AES-192
 * and AES-256), or as draft-reeder-snmpv3-usm-3desede-00 2.1 (net-snmp's AES-192-C, AES-256-C, what Cisco speaks). */
#pragma once

#include "protocols/snmp/snmp-message.h"

typedef enum {
  WT_SNMP_AUTH_NONE,
  WT_SNMP_AUTH_MD5,    /* HMAC-MD5-96, RFC 3414 6 */
  WT_SNMP_AUTH_SHA,    /* HMAC-SHA-96, RFC 3414 7 */
  WT_SNMP_AUTH_SHA224, /* RFC 7860: usmHMAC128SHA224AuthProtocol */
  WT_SNMP_AUTH_SHA256, /* usmHMAC192SHA256AuthProtocol */
  WT_SNMP_AUTH_SHA384, /* usmHMAC256SHA384AuthProtocol */
  WT_SNMP_AUTH_SHA512, /* usmHMAC384SHA512AuthProtocol */
  WT_SNMP_N_AUTHS,
} WtSnmpAuth;

typedef enum {
  WT_SNMP_PRIV_NONE,
  WT_SNMP_PRIV_DES,    /* RFC 3414 8 */
  WT_SNMP_PRIV_AES,    /* AES-128-CFB, RFC 3826 */
  WT_SNMP_PRIV_AES192, /* Blumenthal's keys */
  WT_SNMP_PRIV_AES256,
  WT_SNMP_PRIV_AES192C, /* Reeder's keys */
  WT_SNMP_PRIV_AES256C,
  WT_SNMP_N_PRIVS,
} WtSnmpPriv;

typedef enum {
  WT_SNMP_NO_AUTH_NO_PRIV = 1,
  WT_SNMP_AUTH_NO_PRIV,
  WT_SNMP_AUTH_PRIV
} WtSnmpLevel; /* RFC 3411 SnmpSecurityLevel */

#define WT_SNMP_PASSWORD_LEAST 8 /* bytes, RFC 3414 11.2 */
#define WT_SNMP_KEY_MAX 64       /* bytes, SHA-512's */
#define WT_SNMP_DIGEST_MAX 48    /* bytes on the wire, SHA-512's */
#define WT_SNMP_TIME_WINDOW 150  /* s, RFC 3414 2.2.3 */
#define WT_SNMP_USERS_MAX 256    /* of one engine */
#define WT_SNMP_ENGINES_MAX 4096 /* that one remembers; the one longest silent is forgotten */

/* As net-snmp's -a and -x write them, whatever the case: "MD5", "SHA", "SHA-256"; "DES", "AES", "AES-256", "AES-256-C".
 * FALSE: no such name. */
gboolean wt_snmp_auth_parse (const char *text, WtSnmpAuth *auth);
gboolean wt_snmp_priv_parse (const char *text, WtSnmpPriv *priv);
const char *wt_snmp_auth_name (WtSnmpAuth auth); /* "SHA-256"; "none" */
const char *wt_snmp_priv_name (WtSnmpPriv priv);
const char *wt_snmp_level_name (WtSnmpLevel level); /* "authPriv" */

/* --- keys -------------------------------------------------------------------------------------------------------- */

typedef struct {
  guint8 bytes[WT_SNMP_KEY_MAX];
  gsize n;
} WtSnmpKey;

gsize wt_snmp_auth_digest_size (WtSnmpAuth auth); /* bytes of msgAuthenticationParameters */
/* Ku: the password stretched over a megabyte (RFC 3414 A.2). */
void wt_snmp_key_from_password (WtSnmpAuth auth, const char *password, WtSnmpKey *key);
/* Kul: H(Ku || engine || Ku). */
void wt_snmp_key_localize (WtSnmpAuth auth, const WtSnmpKey *key, WtSlice engine_id, WtSnmpKey *localized);
/* The key for a privacy protocol out of the password's Ku: localised with the user's digest, extended or cut. */
void wt_snmp_key_for_priv (WtSnmpAuth auth, WtSnmpPriv priv, const WtSnmpKey *key, WtSlice engine_id,
                           WtSnmpKey *localized);
/* An engine id of the text format (RFC 3411 5): the enterprise with its first bit set, 4, the text (27 bytes of it at
 * most). */
GBytes *wt_snmp_engine_id_new (guint32 enterprise, const char *text);

/* --- one engine's knowledge -------------------------------------------------------------------------------------- */

typedef struct _WtSnmpUsm WtSnmpUsm;

typedef struct {
  GBytes *engine_id; /* 5 to 32 bytes, referenced */
  guint32 boots;     /* snmpEngineBoots, 1 at first start */
  gint64 start;      /* when snmpEngineTime was 0, ns */
  guint64 salt;      /* where salts begin; should differ from start to start (RFC 3414 8.1.1.1) */
} WtSnmpUsmConfig;

/* A user. Copied. Passwords shorter than 8 bytes are refused. */
typedef struct {
  const char *name;
  WtSnmpAuth auth;
  const char *auth_password; /* (nullable) with auth NONE */
  WtSnmpPriv priv;           /* needs auth */
  const char *priv_password;
} WtSnmpUser;

/* usmStats (RFC 3414 5). */
typedef enum {
  WT_SNMP_USM_UNSUPPORTED_LEVEL = 1, /* the last arc but one of its OID, 1.3.6.1.6.3.15.1.1.N.0 */
  WT_SNMP_USM_NOT_IN_TIME_WINDOW,
  WT_SNMP_USM_UNKNOWN_USER,
  WT_SNMP_USM_UNKNOWN_ENGINE,
  WT_SNMP_USM_WRONG_DIGEST,
  WT_SNMP_USM_DECRYPTION_ERROR,
  WT_SNMP_USM_N_STATS,
} WtSnmpUsmStat;

#define WT_SNMP_USM_ERROR (wt_snmp_usm_error_quark ())
GQuark wt_snmp_usm_error_quark (void);
typedef enum { WT_SNMP_USM_ERROR_USER } WtSnmpUsmError;

WtSnmpUsm *wt_snmp_usm_new (const WtSnmpUsmConfig *config);
/* FALSE with error (WT_SNMP_USM_ERROR): name or password too short or long, privacy without authentication. A user of
 * that name is replaced. */
gboolean wt_snmp_usm_add_user (WtSnmpUsm *self, const WtSnmpUser *user, GError **error);
/* The highest level that a user can have; 0: there is none of that name. */
WtSnmpLevel wt_snmp_usm_user_level (const WtSnmpUsm *self, const char *name);
GBytes *wt_snmp_usm_engine_id (const WtSnmpUsm *self); /* (transfer none) */
guint32 wt_snmp_usm_boots (const WtSnmpUsm *self);
guint32 wt_snmp_usm_time (const WtSnmpUsm *self, gint64 now);  /* s */
guint32 wt_snmp_usm_ticks (const WtSnmpUsm *self, gint64 now); /* 1/100 s since the start: sysUpTime; wraps */
guint32 wt_snmp_usm_stat (const WtSnmpUsm *self, WtSnmpUsmStat stat);
void wt_snmp_usm_free (WtSnmpUsm *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtSnmpUsm, wt_snmp_usm_free)

/* --- messages ---------------------------------------------------------------------------------------------------- */

/* RFC 3414 3.2: checks a parsed message of version 3, decrypts it. `bytes` are what it was parsed from. 0: it may be
 * believed; message->has_pdu unless `problem` says that what was encrypted is no PDU. Otherwise the counter that was
 * counted. What was decrypted is kept in `clear` (made by the caller, reused), which the message borrows then.
 * `authoritative`: this side is it (agent with requests; receiver of informs). */
WtSnmpUsmStat wt_snmp_usm_receive (WtSnmpUsm *self, gint64 now, WtSnmpMessage *message, const guint8 *bytes,
                                   gsize n_bytes, gboolean authoritative, GByteArray *clear, WtSnmpProblem *problem);
/* RFC 3414 3.1: writes a message of version 3 whose flags, user_name, engine_id, context and pdu are set; boots, time,
 * parameters and encryption are filled in. FALSE: the user is unknown, or has not that level; without authentication any
 * name will do, also none. */
gboolean wt_snmp_usm_send (WtSnmpUsm *self, gint64 now, WtSnmpMessage *message, WtBerWriter *writer);
/* Takes boots and time from a Report that came in answer to ours; unauthenticated, so only for discovery. */
void wt_snmp_usm_learn_engine (WtSnmpUsm *self, gint64 now, WtSlice engine_id, guint32 boots, guint32 time);
