/* The filter's inside: filter-lex.c makes tokens, filter-parse.c a tree of nodes whose types fit (values are made by
 * filter-value.c, operands by filter-operand.c), filter-match.c asks the tree about an event. */
#pragma once

#include "app/trace/event-view.h"
#include "app/trace/filter.h"

/* --- tokens ------------------------------------------------------------------------------------------------------- */

typedef enum {
  WT_TOKEN_END,
  WT_TOKEN_WORD,   /* a name, a number, an address, an unquoted value */
  WT_TOKEN_STRING, /* in double quotes; r"..." is raw */
  WT_TOKEN_SIGN,   /* operators and brackets */
  WT_TOKEN_OTHER,  /* a character that means nothing */
} WtTokenType;

typedef struct {
  WtTokenType type;
  const char *start; /* in the filter's text */
  gsize length;      /* bytes */
} WtToken;

typedef struct {
  const char *text, *next;
  WtToken token;  /* the one to be looked at */
  guint depth;
  guint *column;  /* (nullable) out */
  GError **error; /* set once */
} WtFilterParser;

/* Takes the next token. FALSE: an error is set. */
gboolean wt_filter_advance (WtFilterParser *self);
gboolean wt_token_is (const WtToken *token, const char *text); /* a word or sign that reads like this */
/* Sets the error `column N: found X; expected Y`; printf-style what was expected. Returns FALSE. */
gboolean wt_filter_fail (WtFilterParser *self, const WtToken *found, WtFilterError code, const char *expected, ...)
    G_GNUC_PRINTF (4, 5);
/* The text of a STRING token without quotes and escapes. `keep_unknown`: "\d" stays as it is, for regular expressions.
 * (transfer full) (nullable): NULL with error. */
GString *wt_filter_unescape (WtFilterParser *self, const WtToken *token, gboolean keep_unknown);

/* --- values ------------------------------------------------------------------------------------------------------- */

typedef struct {
  gint64 number;
  guint32 mask;   /* IPV4 */
  GString *bytes; /* STRING, BYTES; (nullable) */
} WtFilterValue;

void wt_filter_value_clear (WtFilterValue *self);
/* The value that `token` writes, for a field of that type. FALSE: an error is set. */
gboolean wt_filter_value_read (WtFilterParser *parser, const WtToken *token, WtFieldType type, WtFilterValue *value);
/* "an IPv4 address such as 10.0.0.7 or 10.0.0.0/24". */
const char *wt_filter_type_hint (WtFieldType type);
/* Pairs of hexadecimal digits, with or without ':' or '-' between them. (transfer full) (nullable) */
GString *wt_filter_bytes_of_hex (const char *text, gsize length);
/* <0, 0, >0: `value` against `literal`, both of that type. For an address with a prefix only the prefix counts. */
int wt_filter_value_compare (WtFieldType type, const WtEventValue *value, const WtFilterValue *literal);

/* --- operands: what of an event is looked at ---------------------------------------------------------------------- */

typedef enum { WT_FUNCTION_NONE, WT_FUNCTION_LEN, WT_FUNCTION_COUNT, WT_FUNCTION_LOWER, WT_FUNCTION_UPPER } WtFunction;

#define WT_FILTER_SLICES_MAX 4

typedef struct {
  enum { WT_SLICE_LENGTH, WT_SLICE_END, WT_SLICE_REST } kind;
  gint32 start; /* negative: from the end */
  gint32 end;   /* LENGTH: how many bytes; END: the last one's offset */
} WtFilterSlice;

typedef struct {
  const WtFieldInfo *info;
  WtFieldType type;            /* of what the function gives */
  WtFunction function;
  guint64 bits;                /* with "& bits"; 0: all */
  const WtEventRoot *root;     /* frame, ip, tcp, udp, or where `rows` are; (nullable) */
  const WtEventRow *rows[2];   /* (nullable): fields of our own */
  WtProtocol protocol;         /* the name is this dissector's: payload of that protocol is enough */
  WtFilterSlice slices[WT_FILTER_SLICES_MAX];
  guint n_slices;
  guint32 protocols;           /* bits: protocols in whose tree the field may be */
} WtFilterOperand;

/* At a name or function. FALSE: an error is set. */
gboolean wt_filter_operand_read (WtFilterParser *parser, WtFilterOperand *operand);
/* FALSE: there is no field of that name. */
gboolean wt_filter_operand_find (WtFilterOperand *operand, const char *name, gsize length);
/* It stands for the bytes of a layer: frame, ip, tcp, udp, smtp ... */
gboolean wt_filter_operand_is_layer (const WtFilterOperand *operand);
/* At "[". FALSE: an error is set. */
gboolean wt_filter_slices_read (WtFilterParser *parser, WtFilterOperand *operand);
/* (transfer full) (nullable): NULL when a slice reaches beyond the bytes. */
GString *wt_filter_slices_cut (const WtFilterOperand *operand, const char *bytes, gsize n_bytes);
/* The name of a field that is nearest to this one. (transfer none) (nullable) */
const char *wt_filter_nearest_field (const char *name);

/* An event while it is looked at: dissected at most once, and only when asked. */
typedef struct {
  WtEventView view;
  WtField *tree;
  gboolean dissected;
} WtFilterSubject;

/* Calls `func` for each value of the operand until it returns FALSE. */
typedef gboolean (*WtFilterValueFunc) (const WtEventValue *value, gpointer user_data);
void wt_filter_operand_values (const WtFilterOperand *self, WtFilterSubject *subject, WtFilterValueFunc func,
                               gpointer user_data);
gboolean wt_filter_operand_present (const WtFilterOperand *self, WtFilterSubject *subject);

/* --- the tree ----------------------------------------------------------------------------------------------------- */

typedef enum {
  WT_NODE_AND,
  WT_NODE_OR,
  WT_NODE_XOR,
  WT_NODE_NOT,
  WT_NODE_PRESENT,
  WT_NODE_COMPARE,   /* operand with value */
  WT_NODE_FIELDS,    /* operand with another operand */
  WT_NODE_CONTAINS,
  WT_NODE_MATCHES,
  WT_NODE_IN,
} WtNodeType;

typedef enum { WT_RELATION_EQ, WT_RELATION_NE, WT_RELATION_GT, WT_RELATION_LT, WT_RELATION_GE, WT_RELATION_LE } WtRelation;

typedef struct {
  WtFilterValue low, high; /* a single value: both the same, `high` empty */
  gboolean range;
} WtFilterRange;

typedef struct _WtFilterNode WtFilterNode;
struct _WtFilterNode {
  WtNodeType type;
  WtFilterNode *left, *right; /* AND, OR, XOR; NOT: left */
  WtFilterOperand operand;
  WtRelation relation;
  gboolean all; /* holds only if it holds for every value of the operand */
  WtFilterValue value;
  WtFilterOperand other;
  GRegex *regex;
  GArray *set; /* WtFilterRange */
};

WtFilterNode *wt_filter_node_new (WtNodeType type, WtFilterNode *left, WtFilterNode *right);
void wt_filter_node_free (WtFilterNode *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtFilterNode, wt_filter_node_free)
/* (transfer full) (nullable): NULL with error. */
WtFilterNode *wt_filter_parse (WtFilterParser *parser);
gboolean wt_filter_node_holds (const WtFilterNode *self, WtFilterSubject *subject);
