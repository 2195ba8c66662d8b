/* Inside of the server session: what imap-server.c, the view of the selected mailbox and the commands (imap-cmd-*.c)
 * share. */
#pragma once

#include "protocols/imap/imap-input.h"
#include "protocols/imap/imap-parser.h"
#include "protocols/imap/imap-reply.h"
#include "protocols/imap/imap-server.h"

/* --- the selected mailbox -------------------------------------------------------------------------------------------
 */

/* What the client has not been told of a message. */
typedef enum
{
  WT_IMAP_NEWS_FLAGS = 1 << 0,
  WT_IMAP_NEWS_MODSEQ = 1 << 1, /* the flags it knows, the modseq not: after STORE .SILENT */
  WT_IMAP_NEWS_GONE = 1 << 2,   /* expunged; keeps its number until that is said */
  WT_IMAP_SAVED = 1 << 3,       /* in the result of the last SEARCH that was to be saved, "$" */
} WtImapNews;

typedef struct
{
  WtImapItem item;
  guint8 news;
} WtImapViewItem;

typedef struct
{
  char *name;
  gboolean read_only, gone;
  guint32 uid_validity, uid_next, cache_id;
  guint64 highest_modseq;
  GArray *items;   /* (element-type WtImapViewItem) what the client knows: number i + 1 */
  GArray *arrived; /* the same, not told yet */
  guint n_recent;
  GPtrArray *keywords;
  gboolean new_keywords;
  gboolean news; /* some item has news */
} WtImapView;

WtImapView *wt_imap_view_new (const char *name, const WtImapMailbox *mailbox, gboolean read_only);
void wt_imap_view_free (WtImapView *self);
WtImapViewItem *wt_imap_view_item (const WtImapView *self, guint i);
/* (nullable) */
WtImapViewItem *wt_imap_view_find (const WtImapView *self, guint32 uid, guint *index);
/* Indices of the messages that a set means, ascending; gone ones are left out, *gone says whether numbers named some.
 * FALSE: a number that is none (BAD).
 * (transfer full) (element-type guint32) */
gboolean wt_imap_view_resolve (const WtImapView *self, WtImapSet *set, gboolean by_uid, GArray **indices,
                               gboolean *gone);
const char *const *wt_imap_view_keywords (const WtImapView *self, guint *n);
guint32 wt_imap_view_highest_uid (const WtImapView *self);

/* --- commands -------------------------------------------------------------------------------------------------------
 */

/* One verb. Extensions add rows. */
typedef struct
{
  const char *verb;
  WtImapExtensions extension; /* one of them must be offered; 0: always there */
  gboolean with_uid;          /* "UID verb" is a command too */
  gboolean keeps_numbers;     /* no EXPUNGE while it runs (RFC 9051 7.5.1): FETCH, STORE, SEARCH by number */
  void (*run) (WtImapServer *self, WtImapParser *arguments);
} WtImapCommand;
extern const WtImapCommand wt_imap_commands[];
extern const guint wt_imap_n_commands;

/* What a command keeps while it asks its questions; freed when it is done. */
typedef struct
{
  char *name, *other_name;
  GPtrArray *keywords; /* (nullable) NULL-terminated when asked with */
  GArray *indices;     /* (nullable) (element-type guint32) of the view */
  GArray *uids;        /* (nullable) (element-type guint32) */
  GArray *unseen;      /* (nullable) (element-type guint32) UIDs that FETCH makes \Seen */
  GBytes *message;     /* (nullable) */
  gboolean gone;       /* a number of the set is that of an expunged message */
  guint status_items;  /* STATUS: WtImapStatusItems */
  gboolean succeeded;  /* AUTHENTICATE: only the client's empty line is wanted */
  gpointer job;        /* what is the command's own */
  GDestroyNotify free_job;
} WtImapArguments;

typedef void (*WtImapAnswered) (WtImapServer *self, const WtImapAnswer *answer);

typedef struct
{
  WtImapServerEvent event;
  GBytes *bytes;
} WtImapQueuedEvent;

/* Who the next line of input is for. */
typedef enum
{
  WT_IMAP_MODE_COMMAND,
  WT_IMAP_MODE_SASL, /* a base64 line */
  WT_IMAP_MODE_IDLE, /* DONE */
} WtImapMode;

struct _WtImapServer
{
  WtImapServerConfig config;
  WtImapState state;
  WtImapMode mode;
  gboolean greeted, closing, encrypted;
  gboolean starting_tls; /* nothing is read until TLS is there */
  guint n_errors;

  /* input */
  WtImapInput *input;
  guint32 exchange;
  gboolean continued; /* part of this command has been reported */

  /* output */
  GByteArray *response; /* (nullable) being written */
  GQueue responses;     /* of GBytes, to take() */
  gsize n_response_bytes;
  GArray *events; /* (element-type WtImapQueuedEvent) */
  guint event_first;
  WtImapQueuedEvent current; /* what next() lent out */

  /* the command at hand */
  char *tag;
  const WtImapCommand *command; /* (nullable) */
  gboolean by_uid;
  WtImapArguments arguments;
  guint question; /* 0: none is open */
  guint last_question;
  WtImapAnswered answered;
  void (*go_on) (WtImapServer *self); /* (nullable) waits for take() */
  /* a mail of READ */
  void (*got_message) (WtImapServer *self, guint32 uid, GBytes *message);

  /* the client */
  gboolean rev2, utf8, condstore, qresync; /* enabled */
  WtImapView *view;                        /* (nullable) */
};

/* --- saying --- */
/* A response is begun, written with wt_imap_put...(), and ended, which adds CRLF. */
GByteArray *wt_imap_server_begin (WtImapServer *self);
GByteArray *wt_imap_server_begin_sized (WtImapServer *self, gsize n_bytes); /* about so many */
void wt_imap_server_end (WtImapServer *self);
void wt_imap_server_sayf (WtImapServer *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
void wt_imap_server_continue (WtImapServer *self, const char *text); /* "+ text" */

/* Ends the command: tells what is new, then "tag OK text". `code` (nullable): with its arguments, without brackets. An
 * OK takes the transition of the state table. */
void wt_imap_server_ok (WtImapServer *self, const char *code, const char *text);
void wt_imap_server_no (WtImapServer *self, const char *code, const char *text);
/* The arguments are wrong: counted; too many of them end the service. */
void wt_imap_server_bad (WtImapServer *self, const char *text);
/* The owner refused: TRUE and the command is ended with its words. */
gboolean wt_imap_server_refused (WtImapServer *self, const WtImapAnswer *answer, const char *text);
/* "OK" or the owner's refusal: what many commands do with an answer. */
void wt_imap_server_finish (WtImapServer *self, const WtImapAnswer *answer);
void wt_imap_server_bye (WtImapServer *self, const char *code, const char *text);

/* --- moving --- */
gboolean wt_imap_server_move (WtImapServer *self, const char *input);
/* The verb as the state table has it: "UID FETCH". (transfer full) */
char *wt_imap_server_input_name (const WtImapServer *self);
gboolean wt_imap_server_offers (const WtImapServer *self, WtImapExtensions extension);
void wt_imap_server_deselect (WtImapServer *self);

/* --- asking --- */
/* Raises the question that `event` describes; what it points to must live until it is answered. */
void wt_imap_server_ask (WtImapServer *self, const WtImapServerEvent *event, WtImapAnswered answered);

/* --- telling what is new (imap-news.c) --- */
void wt_imap_server_tell_news (WtImapServer *self, gboolean with_expunges);
/* "* FLAGS (...)" and PERMANENTFLAGS. */
void wt_imap_server_tell_flags (WtImapServer *self);
void wt_imap_server_tell_vanished (WtImapServer *self, const guint32 *uids, guint n, gboolean earlier);
void wt_imap_server_enable_condstore (WtImapServer *self);

/* --- capabilities --- */
void wt_imap_server_put_capabilities (const WtImapServer *self, GByteArray *out);

/* --- messages by number or UID --- */
/* Reads the set, and resolves it to arguments.indices and arguments.uids. FALSE: BAD was said. */
gboolean wt_imap_server_take_set (WtImapServer *self, WtImapParser *arguments, WtImapSet *set);
gboolean wt_imap_server_resolve_set (WtImapServer *self, WtImapSet *set);
/* UIDs of what arguments.indices say, again: for use after questions. */
guint32 wt_imap_server_uid (const WtImapServer *self, guint index);
/* Reads `mailbox` into arguments.name. */
gboolean wt_imap_server_take_name (WtImapServer *self, WtImapParser *arguments);
/* FALSE: BAD was said. */
gboolean wt_imap_server_take_end (WtImapServer *self, WtImapParser *arguments);

/* --- the commands --- */
/* Runs a whole command, its last CRLF included. */
void wt_imap_server_run_command (WtImapServer *self, const guint8 *bytes, gsize n_bytes);

void wt_imap_cmd_capability (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_noop (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_logout (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_id (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_enable (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_starttls (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_login (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_authenticate (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_sasl_line (WtImapServer *self, const guint8 *line, gsize n_bytes); /* without CRLF */
void wt_imap_cmd_select (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_examine (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_close (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_unselect (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_create (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_delete (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_rename (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_subscribe (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_unsubscribe (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_list (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_lsub (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_namespace (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_status (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_getquota (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_getquotaroot (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_append (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_idle (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_idle_line (WtImapServer *self, const guint8 *line, gsize n_bytes);
void wt_imap_cmd_expunge (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_search (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_fetch (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_store (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_copy (WtImapServer *self, WtImapParser *arguments);
void wt_imap_cmd_move (WtImapServer *self, WtImapParser *arguments);

/* What STATUS tells, as the client asked (imap-cmd-status.c); LIST ... RETURN (STATUS (...)) uses it too. */
typedef enum
{
  WT_IMAP_STATUS_MESSAGES = 1 << 0,
  WT_IMAP_STATUS_RECENT = 1 << 1,
  WT_IMAP_STATUS_UIDNEXT = 1 << 2,
  WT_IMAP_STATUS_UIDVALIDITY = 1 << 3,
  WT_IMAP_STATUS_UNSEEN = 1 << 4,
  WT_IMAP_STATUS_DELETED = 1 << 5,
  WT_IMAP_STATUS_SIZE = 1 << 6,
  WT_IMAP_STATUS_HIGHESTMODSEQ = 1 << 7,
} WtImapStatusItems;
gboolean wt_imap_status_parse (WtImapServer *self, WtImapParser *parser, guint *items);
void wt_imap_status_tell (WtImapServer *self, const char *name, guint items, const WtImapFolderStatus *status);
