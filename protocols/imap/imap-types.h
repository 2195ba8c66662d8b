/* What server and client of IMAP share: contexts of messages, flags, extensions, what a mailbox is made of
 * (RFC 3501, RFC 9051). */
#pragma once

#include "protocols/base/dissector.h"
#include "protocols/base/secret.h"

/* What a message is in its dialogue, beside WT_CONTEXT_PLAIN (a command line with its non-synchronizing literals) and
 * WT_CONTEXT_REPLY (one response with its literals: untagged, tagged or "+"). */
typedef enum
{
  WT_IMAP_CONTEXT_CONTINUED = WT_CONTEXT_OWN, /* what the client sends after "+" of a literal: the literal and what
                                                 follows it, up to the next "+" or the end of the command */
  WT_IMAP_CONTEXT_AUTH,                       /* a base64 line, or "*", after "+" of AUTHENTICATE */
  WT_IMAP_CONTEXT_DONE,                       /* DONE, the end of IDLE */
  WT_IMAP_CONTEXT_TLS,                        /* what follows OK to STARTTLS: not IMAP any more */
} WtImapContext;

/* Flags of a message (RFC 9051 2.3.2). Bit 6 and above: the mailbox's keywords, in their order. */
#define WT_IMAP_SEEN (1u << 0)
#define WT_IMAP_ANSWERED (1u << 1)
#define WT_IMAP_FLAGGED (1u << 2)
#define WT_IMAP_DELETED (1u << 3)
#define WT_IMAP_DRAFT (1u << 4)
#define WT_IMAP_SYSTEM_FLAGS ((1u << 5) - 1)
#define WT_IMAP_RECENT (1u << 5) /* RFC 3501 2.3.2; of a session, not of the store */
#define WT_IMAP_KEYWORDS_MAX 26
#define WT_IMAP_KEYWORD(i) (1u << (6 + (i)))

/* \Seen ...: bit i is wt_imap_flag_names[i]; \Recent is the sixth. */
#define WT_IMAP_N_FLAG_NAMES 6
extern const char *const wt_imap_flag_names[WT_IMAP_N_FLAG_NAMES];
/* The bit of a name that begins with a backslash, any case; 0: none of these. */
guint32 wt_imap_flag_by_name (const char *name, gsize n_bytes);

/* What STORE does with flags (RFC 9051 6.4.6). */
typedef enum
{
  WT_IMAP_FLAGS_ADD,
  WT_IMAP_FLAGS_REMOVE,
  WT_IMAP_FLAGS_REPLACE
} WtImapFlagsHow;

/* What a server offers beside IMAP4rev1; each can be switched off. */
typedef enum
{
  WT_IMAP_EXT_REV2 = 1 << 0,          /* IMAP4rev2, RFC 9051 */
  WT_IMAP_EXT_LITERAL_PLUS = 1 << 1,  /* RFC 7888 */
  WT_IMAP_EXT_LITERAL_MINUS = 1 << 2, /* RFC 7888 5; offered where LITERAL+ is not */
  WT_IMAP_EXT_SASL_IR = 1 << 3,       /* RFC 4959 */
  WT_IMAP_EXT_ENABLE = 1 << 4,        /* RFC 5161 */
  WT_IMAP_EXT_ID = 1 << 5,            /* RFC 2971 */
  WT_IMAP_EXT_IDLE = 1 << 6,          /* RFC 2177 */
  WT_IMAP_EXT_NAMESPACE = 1 << 7,     /* RFC 2342 */
  WT_IMAP_EXT_CHILDREN = 1 << 8,      /* RFC 3348 */
  WT_IMAP_EXT_LIST_EXTENDED = 1 << 9, /* RFC 5258 */
  WT_IMAP_EXT_LIST_STATUS = 1 << 10,  /* RFC 5819 */
  WT_IMAP_EXT_SPECIAL_USE = 1 << 11,  /* RFC 6154 */
  WT_IMAP_EXT_STATUS_SIZE = 1 << 12,  /* STATUS=SIZE, RFC 8438 */
  WT_IMAP_EXT_UNSELECT = 1 << 13,     /* RFC 3691 */
  WT_IMAP_EXT_UIDPLUS = 1 << 14,      /* RFC 4315 */
  WT_IMAP_EXT_MOVE = 1 << 15,         /* RFC 6851 */
  WT_IMAP_EXT_ESEARCH = 1 << 16,      /* RFC 4731 */
  WT_IMAP_EXT_SEARCHRES = 1 << 17,    /* RFC 5182 */
  WT_IMAP_EXT_BINARY = 1 << 18,       /* RFC 3516 */
  WT_IMAP_EXT_CONDSTORE = 1 << 19,    /* RFC 7162 3.1 */
  WT_IMAP_EXT_QRESYNC = 1 << 20,      /* RFC 7162 3.2 */
  WT_IMAP_EXT_QUOTA = 1 << 21,        /* RFC 9208, to read */
  WT_IMAP_EXT_UTF8_ACCEPT = 1 << 22,  /* RFC 6855 */
  WT_IMAP_EXT_ALL = (1 << 23) - 1,
} WtImapExtensions;

/* Names as CAPABILITY has them; bit i is wt_imap_extension_names[i]. */
#define WT_IMAP_N_EXTENSIONS 23
extern const char *const wt_imap_extension_names[WT_IMAP_N_EXTENSIONS];

/* A message of the selected mailbox. */
typedef struct
{
  guint32 uid;
  guint32 flags;  /* without WT_IMAP_RECENT when it comes from the owner */
  guint64 modseq; /* RFC 7162 */
  gint64 date;    /* internal date, seconds since 1970 */
  guint64 size;   /* RFC822.SIZE, bytes */
} WtImapItem;

/* A mailbox as it is selected. */
typedef struct
{
  guint32 uid_validity, uid_next;
  guint64 highest_modseq;
  guint32 first_recent; /* messages from this UID on are recent */
  const char *const *keywords;
  guint n_keywords;
  const WtImapItem *items; /* by UID */
  guint n_items;
  guint32 cache_id; /* its number in WtImapServerConfig.cache */
} WtImapMailbox;

typedef enum
{
  WT_IMAP_USE_NONE,
  WT_IMAP_USE_ARCHIVE,
  WT_IMAP_USE_DRAFTS,
  WT_IMAP_USE_JUNK,
  WT_IMAP_USE_SENT,
  WT_IMAP_USE_TRASH,
} WtImapUse; /* RFC 6154 2 */

/* A name that LIST may show. */
typedef struct
{
  const char *name; /* UTF-8, levels divided by '/' */
  gboolean exists;  /* FALSE: only a level above folders, or a subscription whose folder is gone */
  gboolean subscribed;
  gboolean has_children;
  WtImapUse use;
} WtImapFolder;

/* What STATUS may tell (RFC 9051 6.3.11). */
typedef struct
{
  guint32 messages, recent, unseen, deleted;
  guint32 uid_next, uid_validity;
  guint64 highest_modseq, size;
} WtImapFolderStatus;

/* The secret of what a client sends: the password of LOGIN, what SASL says. `command`: from its tag on, with its literals;
 * `from`: where the message at hand begins in it (0 but for WT_IMAP_CONTEXT_CONTINUED). The range is of that message.
 * FALSE: it has none. */
gboolean wt_imap_find_secret (guint8 context, const guint8 *command, gsize n_bytes, gsize from, WtSecret *secret);
