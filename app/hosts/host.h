/* Hosts: what a machine on the network does. Written once against app/world, for the simulated and the live world.
 *
 * A host type is a WtHostClass (wt_host_classes: mail-client, mail-server, name-server, management-station, managed-device,
 * recording-proxy). Its settings come as a WtHostConfig: the checked keys of a scenario's [host NAME] group. */
#pragma once

#include "app/hosts/mail-store.h"
#include "app/world/world.h"
#include "protocols/base/tls-mode.h"

typedef struct _WtHost WtHost;
typedef struct _WtHostClass WtHostClass;
typedef struct _WtHostDirectory WtHostDirectory; /* app/hosts/directory.h: what the scenario's hosts know of each other */

/* --- keys: what a scenario may say of a host or an action; the scenario loader checks against these ---------------- */

typedef enum {
  WT_KEY_STRING,
  WT_KEY_NAME,     /* a host name or address */
  WT_KEY_HOST,     /* a host of the scenario */
  WT_KEY_MAILBOX,  /* local@domain */
  WT_KEY_MAILBOXES,
  WT_KEY_DOMAINS,  /* a;b */
  WT_KEY_USERS,    /* name:password[:quota];... */
  WT_KEY_ALIASES,  /* alias>mailbox,mailbox;... */
  WT_KEY_RECORDS,  /* DNS: "example.org MX 10 mail.example.org;..." */
  WT_KEY_BOOLEAN,
  WT_KEY_NUMBER,
  WT_KEY_SIZE,     /* 10MiB, 512KiB, 4096 */
  WT_KEY_TIME,     /* 5s, 200ms, 10min, 1h */
  WT_KEY_EXTENSIONS, /* PIPELINING;SIZE;... */
  WT_KEY_TLS,        /* off, opportunistic, required, implicit: WtTlsUse */
  WT_KEY_NOTIFY,     /* success;failure;delay, or never: WtSmtpNotify */
  WT_KEY_RETURN,     /* full, headers: WtSmtpRet */
  WT_KEY_RULES,      /* bent answers: app/hosts/mail-rules.h */
  WT_KEY_MECHANISMS, /* SCRAM-SHA-256;PLAIN;... or none: WtSaslMechanisms */
  WT_KEY_FLAGS,      /* seen;flagged: WT_IMAP_SEEN ... */
  WT_KEY_TEXT,     /* \n for new lines */
  WT_KEY_ENDPOINT, /* a host name or address, or with a port: "mail.example.org:2525" */
  WT_KEY_ROUTES,   /* domain>host;domain>host:port;... */
  WT_KEY_NETWORKS, /* 10.0.1.0/24;10.0.2.7 */
  WT_KEY_WORDS,    /* a;b: any words */
  WT_KEY_ENDPOINTS, /* router;switch;10.0.1.7:1161 */
  WT_KEY_OBJECTS,  /* names of managed objects: sysUpTime;ifInOctets.2;1.3.6.1.2.1.1 */
  WT_KEY_ASSIGNMENTS, /* sysName.0=gate;ifAdminStatus.2=down */
  WT_KEY_ALARMS,   /* ifOperStatus != up;warning: ifInOctets > 100000 until 80000 */
  WT_KEY_SNMP_VERSION, /* 1, 2c, 3 */
  WT_KEY_SNMP_LEVEL,   /* noAuthNoPriv, authNoPriv, authPriv */
  WT_KEY_SNMP_USERS, /* name;name:SHA-256:password;name:SHA-256:password:AES:password */
  WT_KEY_FETCH,    /* pop3, imap: WtProtocol */
  WT_KEY_TALK,     /* smtp, pop3, imap: WtProtocol */
  WT_KEY_REAL_SERVER, /* imap.example.org, 192.0.2.7:1143: nobody of the scenario */
  WT_KEY_PROXY_SERVICE, /* imaps: app/hosts/recording-proxy.h */
  WT_KEY_PROXY_TLS,     /* none, starttls, implicit: WtProxyTls */
  WT_KEY_FILES,    /* photo.png;papers/plan.pdf: from the scenario's folder; or file:// URIs */
  WT_N_KEY_TYPES,
} WtKeyType;

/* How a client uses TLS. */
typedef enum { WT_TLS_USE_OFF, WT_TLS_USE_OPPORTUNISTIC, WT_TLS_USE_REQUIRED, WT_TLS_USE_IMPLICIT } WtTlsUse;
WtTlsMode wt_tls_use_mode (WtTlsUse use); /* what it means to an engine, within the session */

typedef struct {
  const char *name;
  WtKeyType type;
  gboolean required;
  const char *fallback; /* (nullable) default, as it would be written */
  const char *help;     /* N_(): one line for people who write scenarios */
} WtKey;

/* Checked values of one group. Getters give the fallback when the key is absent. */
typedef struct _WtHostConfig WtHostConfig;
WtHostConfig *wt_host_config_new (const WtKey *keys); /* NULL-name-terminated table */
/* FALSE with error (what was found, what would be right) when the value does not fit the key. */
gboolean wt_host_config_set (WtHostConfig *self, const char *key, const char *value, GError **error);
const char *wt_host_config_string (const WtHostConfig *self, const char *key);       /* (nullable); TEXT: unescaped */
const char *const *wt_host_config_list (const WtHostConfig *self, const char *key);  /* never NULL; trimmed, none empty */
gint64 wt_host_config_number (const WtHostConfig *self, const char *key); /* also size in bytes, time in ns, extensions, mechanisms */
gboolean wt_host_config_boolean (const WtHostConfig *self, const char *key);
/* Names of FILES keys become paths, relative ones from `folder` (nullable: the current one). Once only. */
void wt_host_config_resolve_files (WtHostConfig *self, const char *folder);
gboolean wt_host_config_has (const WtHostConfig *self, const char *key);
void wt_host_config_free (WtHostConfig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtHostConfig, wt_host_config_free)

/* --- actions: what a scenario, or a person, makes happen at a time ------------------------------------------------- */

typedef struct {
  const char *name; /* "send-mail" */
  const WtKey *keys;
  const char *help; /* N_() */
} WtActionClass;

/* Of a table, NULL-name-terminated. (nullable) */
const WtActionClass *wt_action_find (const WtActionClass *actions, const char *name);

/* --- hosts ---------------------------------------------------------------------------------------------------------- */

struct _WtHostClass {
  const char *type;  /* "mail-server" */
  const char *title; /* N_("Mail server") */
  const char *icon;  /* icon name, "wiretalk-mail-server-symbolic" */
  const WtKey *keys;
  const WtActionClass *actions; /* NULL-name-terminated */

  /* Makes the host and registers its entities (mailboxes, queue) in the trace; opens nothing. */
  WtHost *(*create) (WtWorld *world, WtNode node, const WtHostConfig *config, WtMailStore *store, GError **error);
  /* Opens ports and sets timers. Also after a crash. */
  gboolean (*start) (WtHost *self, GError **error);
  /* In order: 421 to every session, queue kept, ports closed. */
  void (*stop) (WtHost *self);
  /* The power plug (simulated world; the node is down already): forget every conn, socket, timer. */
  void (*crash) (WtHost *self);
  /* (nullable) FALSE with error when the action cannot be done. */
  gboolean (*act) (WtHost *self, const char *action, const WtHostConfig *config, GError **error);
  /* Memory only: the world may be gone already. A world that goes on wants stop or crash first. */
  void (*free) (WtHost *self);
};

/* Common start of every host struct. */
struct _WtHost {
  const WtHostClass *host_class;
  WtWorld *world;
  WtNode node;
  const WtHostDirectory *directory; /* (nullable) set by whoever builds the world, between create and start; outlives the host */
};

const WtHostClass *const *wt_host_classes (void); /* NULL-terminated */
const WtHostClass *wt_host_class_by_type (const char *type); /* (nullable) */

#define WT_HOST_ERROR (wt_host_error_quark ())
GQuark wt_host_error_quark (void);
typedef enum { WT_HOST_ERROR_VALUE, WT_HOST_ERROR_UNKNOWN_KEY, WT_HOST_ERROR_ACTION } WtHostError;

/* Why something failed, for a note: what an engine says of it in the user's language; what a peer says as it is. (transfer none) */
const char *wt_host_reason (const char *text);
