/* Tokens to a tree, by recursive descent: or < xor < and < not < relation. */
#include "app/trace/filter-private.h"

#include <glib/gi18n.h>
#include <string.h>

WtFilterNode *
wt_filter_node_new (WtNodeType type, WtFilterNode *left, WtFilterNode *right)
{
  WtFilterNode *self = g_new0 (WtFilterNode, 1);
  self->type = type;
  self->left = left;
  self->right = right;
  return self;
}

static void
clear_range (gpointer data)
{
  WtFilterRange *range = data;
  wt_filter_value_clear (&range->low);
  wt_filter_value_clear (&range->high);
}

/* Chains of "and" and "or" lean to the left and may be long: no recursion there. */
void
wt_filter_node_free (WtFilterNode *self)
{
  while (self)
    {
      WtFilterNode *left = self->left;
      wt_filter_node_free (self->right);
      wt_filter_value_clear (&self->value);
      g_clear_pointer (&self->regex, g_regex_unref);
      g_clear_pointer (&self->set, g_array_unref);
      g_free (self);
      self = left;
    }
}

/* --- relations ---------------------------------------------------------------------------------------------------- */

typedef struct {
  const char *words[4];
  WtNodeType type;
  WtRelation relation;
  gboolean all;
} Operator;

/* As in Wireshark 3.6 and later: "!=" holds for all values, "!==" and "~=" for any, "===" for all. */
static const Operator operators[] = {
  { { "==", "eq", "any_eq" }, WT_NODE_COMPARE, WT_RELATION_EQ, FALSE },
  { { "!=", "ne", "all_ne" }, WT_NODE_COMPARE, WT_RELATION_NE, TRUE },
  { { "===", "all_eq" }, WT_NODE_COMPARE, WT_RELATION_EQ, TRUE },
  { { "!==", "any_ne", "~=" }, WT_NODE_COMPARE, WT_RELATION_NE, FALSE },
  { { ">", "gt" }, WT_NODE_COMPARE, WT_RELATION_GT, FALSE },
  { { "<", "lt" }, WT_NODE_COMPARE, WT_RELATION_LT, FALSE },
  { { ">=", "ge" }, WT_NODE_COMPARE, WT_RELATION_GE, FALSE },
  { { "<=", "le" }, WT_NODE_COMPARE, WT_RELATION_LE, FALSE },
  { { "contains" }, WT_NODE_CONTAINS, WT_RELATION_EQ, FALSE },
  { { "matches", "~" }, WT_NODE_MATCHES, WT_RELATION_EQ, FALSE },
  { { "in" }, WT_NODE_IN, WT_RELATION_EQ, FALSE },
};

static const Operator *
operator_at (const WtToken *token)
{
  for (guint i = 0; i < G_N_ELEMENTS (operators); i++)
    for (guint k = 0; k < G_N_ELEMENTS (operators[i].words) && operators[i].words[k]; k++)
      if (wt_token_is (token, operators[i].words[k]))
        return &operators[i];
  return NULL;
}

/* Text, or bytes: of a field, of a layer, of a branch of the tree. */
static gboolean
can_be_searched (const WtFilterOperand *operand)
{
  if (operand->type == WT_FIELD_NONE)
    return operand->rows[0] == NULL;
  return operand->type == WT_FIELD_STRING || operand->type == WT_FIELD_BYTES;
}

/* The operator fits what stands before it. */
static gboolean
check_operator (WtFilterParser *parser, const WtFilterNode *node)
{
  const char *name = node->operand.info->name;
  gboolean search = node->type == WT_NODE_CONTAINS || node->type == WT_NODE_MATCHES;
  if (search && !can_be_searched (&node->operand))
    return wt_filter_fail (parser, &parser->token, WT_FILTER_ERROR_TYPE,
                           _("a comparison such as == or >, because %s is not text"), name);
  if (!search && node->operand.type == WT_FIELD_NONE)
    return wt_filter_fail (parser, &parser->token, WT_FILTER_ERROR_TYPE,
                           _("\"and\", \"or\" or the end, because %s has no value: it is there or not"), name);
  return TRUE;
}

/* Another field on the right side: a name that is known. For a text field a protocol's name is a text. */
static gboolean
is_field (const WtFilterNode *node, const WtToken *token, WtFilterOperand *other)
{
  if (token->type != WT_TOKEN_WORD || !wt_filter_operand_find (other, token->start, token->length))
    return FALSE;
  return other->type != WT_FIELD_NONE || node->operand.type != WT_FIELD_STRING;
}

static gboolean
read_compared (WtFilterParser *parser, WtFilterNode *node)
{
  WtToken token = parser->token;
  if (!is_field (node, &token, &node->other))
    return wt_filter_value_read (parser, &token, node->operand.type, &node->value) && wt_filter_advance (parser);
  if (node->other.type != node->operand.type)
    return wt_filter_fail (parser, &token, WT_FILTER_ERROR_TYPE, "%s", wt_filter_type_hint (node->operand.type));
  node->type = WT_NODE_FIELDS;
  return wt_filter_advance (parser);
}

static gboolean
read_contained (WtFilterParser *parser, WtFilterNode *node)
{
  WtFieldType type = node->operand.type == WT_FIELD_STRING ? WT_FIELD_STRING : WT_FIELD_BYTES;
  return wt_filter_value_read (parser, &parser->token, type, &node->value) && wt_filter_advance (parser);
}

#define REGEX_STEPS "(*LIMIT_MATCH=200000)" /* what a pattern may try on one text: none may hang the program */

/* With the limit in front; errors are taken from the pattern as it was written. (transfer full) (nullable) */
static GRegex *
compile (const char *pattern, GRegexCompileFlags flags, GError **error)
{
  g_autoptr (GRegex) plain = g_regex_new (pattern, flags, 0, error);
  if (plain == NULL)
    return NULL;
  g_autofree char *limited = g_strconcat (REGEX_STEPS, pattern, NULL);
  return g_regex_new (limited, flags | G_REGEX_OPTIMIZE, 0, error);
}

static gboolean
read_pattern (WtFilterParser *parser, WtFilterNode *node)
{
  WtToken token = parser->token;
  g_autoptr (GError) error = NULL;
  if (token.type != WT_TOKEN_STRING)
    return wt_filter_fail (parser, &token, WT_FILTER_ERROR_SYNTAX, _("a regular expression in double quotes"));
  GString *text = wt_filter_unescape (parser, &token, TRUE);
  if (text == NULL)
    return FALSE;
  g_autofree char *pattern = g_string_free (text, FALSE);
  gboolean raw = node->operand.type != WT_FIELD_STRING || !g_utf8_validate (pattern, -1, NULL);
  node->regex = compile (pattern, G_REGEX_CASELESS | (raw ? G_REGEX_RAW : 0), &error);
  if (node->regex)
    return wt_filter_advance (parser);
  g_autofree char *why = g_utf8_make_valid (error->message, -1); /* it quotes the pattern */
  return wt_filter_fail (parser, &token, WT_FILTER_ERROR_SYNTAX, _("a regular expression (%s)"), why);
}

/* --- sets --------------------------------------------------------------------------------------------------------- */

static gboolean
read_range (WtFilterParser *parser, WtFieldType type, WtFilterRange *range)
{
  if (!wt_filter_value_read (parser, &parser->token, type, &range->low) || !wt_filter_advance (parser))
    return FALSE;
  if (!wt_token_is (&parser->token, ".."))
    return TRUE;
  range->range = TRUE;
  return wt_filter_advance (parser) && wt_filter_value_read (parser, &parser->token, type, &range->high)
         && wt_filter_advance (parser);
}

static gboolean
read_set (WtFilterParser *parser, WtFilterNode *node)
{
  node->set = g_array_new (FALSE, TRUE, sizeof (WtFilterRange));
  g_array_set_clear_func (node->set, clear_range);
  if (!wt_token_is (&parser->token, "{"))
    return wt_filter_fail (parser, &parser->token, WT_FILTER_ERROR_SYNTAX, _("a set such as {25, 587, 1024..2000}"));
  do
    {
      g_array_set_size (node->set, node->set->len + 1);
      WtFilterRange *range = &g_array_index (node->set, WtFilterRange, node->set->len - 1);
      if (!wt_filter_advance (parser) || !read_range (parser, node->operand.type, range))
        return FALSE;
    }
  while (wt_token_is (&parser->token, ","));
  if (!wt_token_is (&parser->token, "}"))
    return wt_filter_fail (parser, &parser->token, WT_FILTER_ERROR_SYNTAX, _("\",\" or \"}\""));
  return wt_filter_advance (parser);
}

/* --- the descent -------------------------------------------------------------------------------------------------- */

static gboolean
read_right_side (WtFilterParser *parser, WtFilterNode *node)
{
  switch (node->type)
    {
    case WT_NODE_CONTAINS:
      return read_contained (parser, node);
    case WT_NODE_MATCHES:
      return read_pattern (parser, node);
    case WT_NODE_IN:
      return read_set (parser, node);
    default:
      return read_compared (parser, node);
    }
}

/* "any tcp.port > 1024", "all tcp.port > 1024" */
static gboolean
read_quantifier (WtFilterParser *parser, const char *word, gboolean *found)
{
  *found = wt_token_is (&parser->token, word);
  return !*found || wt_filter_advance (parser);
}

static WtFilterNode *
read_relation (WtFilterParser *parser)
{
  g_autoptr (WtFilterNode) node = wt_filter_node_new (WT_NODE_PRESENT, NULL, NULL);
  gboolean any, all, not = FALSE;
  if (!read_quantifier (parser, "any", &any) || !read_quantifier (parser, "all", &all)
      || !wt_filter_operand_read (parser, &node->operand) || !read_quantifier (parser, "not", &not))
    return NULL;
  const Operator *operator = operator_at (&parser->token);
  if (not && (operator == NULL || operator->type != WT_NODE_IN))
    {
      wt_filter_fail (parser, &parser->token, WT_FILTER_ERROR_SYNTAX, "\"in\"");
      return NULL;
    }
  if (operator == NULL)
    {
      if (!any && !all)
        return g_steal_pointer (&node);
      wt_filter_fail (parser, &parser->token, WT_FILTER_ERROR_SYNTAX, _("a comparison such as == or >"));
      return NULL;
    }
  node->type = operator->type;
  node->relation = operator->relation;
  node->all = all || (operator->all && !any);
  if (!check_operator (parser, node) || !wt_filter_advance (parser) || !read_right_side (parser, node))
    return NULL;
  return not ? wt_filter_node_new (WT_NODE_NOT, g_steal_pointer (&node), NULL) : g_steal_pointer (&node);
}

static WtFilterNode *read_or (WtFilterParser *parser);

static WtFilterNode *
read_parenthesis (WtFilterParser *parser)
{
  if (!wt_filter_advance (parser))
    return NULL;
  g_autoptr (WtFilterNode) node = read_or (parser);
  if (node == NULL)
    return NULL;
  if (!wt_token_is (&parser->token, ")"))
    {
      wt_filter_fail (parser, &parser->token, WT_FILTER_ERROR_SYNTAX, _("\"and\", \"or\" or \")\""));
      return NULL;
    }
  return wt_filter_advance (parser) ? g_steal_pointer (&node) : NULL;
}

static WtFilterNode *read_not (WtFilterParser *parser);

static WtFilterNode *
read_negation (WtFilterParser *parser)
{
  WtFilterNode *inner = wt_filter_advance (parser) ? read_not (parser) : NULL;
  return inner ? wt_filter_node_new (WT_NODE_NOT, inner, NULL) : NULL;
}

static WtFilterNode *
read_not (WtFilterParser *parser)
{
  gboolean not = wt_token_is (&parser->token, "!") || wt_token_is (&parser->token, "not");
  if (!not && !wt_token_is (&parser->token, "("))
    return read_relation (parser);
  if (parser->depth == WT_FILTER_DEPTH_MAX)
    {
      wt_filter_fail (parser, &parser->token, WT_FILTER_ERROR_SYNTAX, _("at most %d nested parentheses and negations"),
                      WT_FILTER_DEPTH_MAX);
      return NULL;
    }
  parser->depth++;
  WtFilterNode *node = not ? read_negation (parser) : read_parenthesis (parser);
  parser->depth--;
  return node;
}

/* `reader (word reader)*`, leaning to the left. */
static WtFilterNode *
read_chain (WtFilterParser *parser, WtNodeType type, const char *word, const char *sign,
            WtFilterNode *(*reader) (WtFilterParser *))
{
  g_autoptr (WtFilterNode) left = reader (parser);
  while (left && (wt_token_is (&parser->token, word) || wt_token_is (&parser->token, sign)))
    {
      WtFilterNode *right = wt_filter_advance (parser) ? reader (parser) : NULL;
      if (right == NULL)
        return NULL;
      left = wt_filter_node_new (type, g_steal_pointer (&left), right);
    }
  return g_steal_pointer (&left);
}

static WtFilterNode *
read_and (WtFilterParser *parser)
{
  return read_chain (parser, WT_NODE_AND, "and", "&&", read_not);
}

static WtFilterNode *
read_xor (WtFilterParser *parser)
{
  return read_chain (parser, WT_NODE_XOR, "xor", "^^", read_and);
}

static WtFilterNode *
read_or (WtFilterParser *parser)
{
  return read_chain (parser, WT_NODE_OR, "or", "||", read_xor);
}

WtFilterNode *
wt_filter_parse (WtFilterParser *parser)
{
  g_autoptr (WtFilterNode) node = read_or (parser);
  if (node == NULL || parser->token.type == WT_TOKEN_END)
    return g_steal_pointer (&node);
  if (node->type == WT_NODE_PRESENT)
    wt_filter_fail (parser, &parser->token, WT_FILTER_ERROR_SYNTAX, _("a comparison such as ==, \"and\", \"or\" or the end"));
  else
    wt_filter_fail (parser, &parser->token, WT_FILTER_ERROR_SYNTAX, _("\"and\", \"or\" or the end"));
  return NULL;
}
