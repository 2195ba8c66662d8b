/* What the tree says about an event. */
#include "app/trace/filter-private.h"

#include <string.h>

static gboolean
relation_holds (WtRelation relation, int order)
{
  switch (relation)
    {
    case WT_RELATION_EQ:
      return order == 0;
    case WT_RELATION_NE:
      return order != 0;
    case WT_RELATION_GT:
      return order > 0;
    case WT_RELATION_LT:
      return order < 0;
    case WT_RELATION_GE:
      return order >= 0;
    case WT_RELATION_LE:
    default:
      return order <= 0;
    }
}

static gboolean
contains (const WtFilterValue *part, const WtEventValue *value)
{
  return value->text && memmem (value->text, value->text_len, part->bytes->str, part->bytes->len) != NULL;
}

static gboolean
in_set (const WtFilterNode *node, const WtEventValue *value)
{
  WtFieldType type = node->operand.type;
  for (guint i = 0; i < node->set->len; i++)
    {
      const WtFilterRange *range = &g_array_index (node->set, WtFilterRange, i);
      int low = wt_filter_value_compare (type, value, &range->low);
      if (range->range ? low >= 0 && wt_filter_value_compare (type, value, &range->high) <= 0 : low == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
value_holds (const WtFilterNode *node, const WtEventValue *value)
{
  switch (node->type)
    {
    case WT_NODE_CONTAINS:
      return contains (&node->value, value);
    case WT_NODE_MATCHES:
      return value->text && g_regex_match_full (node->regex, value->text, value->text_len, 0, 0, NULL, NULL);
    case WT_NODE_IN:
      return in_set (node, value);
    default:
      return relation_holds (node->relation, wt_filter_value_compare (node->operand.type, value, &node->value));
    }
}

/* --- over all values of a field ----------------------------------------------------------------------------------- */

typedef struct {
  const WtFilterNode *node;
  WtFilterSubject *subject;
  const WtEventValue *left; /* FIELDS: the left side's value, while the right side's are looked at */
  gboolean seen, holds;
} Test;

/* With "all" a value that does not hold decides, else one that does. */
static gboolean
test_value (Test *self, gboolean holds)
{
  self->seen = TRUE;
  self->holds = holds;
  return self->node->all == holds;
}

static gboolean
test_literal (const WtEventValue *value, gpointer user_data)
{
  Test *self = user_data;
  return test_value (self, value_holds (self->node, value));
}

static gboolean
test_right (const WtEventValue *value, gpointer user_data)
{
  Test *self = user_data;
  GString bytes = { (char *)value->text, value->text_len, 0 };
  WtFilterValue right = { value->number, G_MAXUINT32, &bytes };
  if (value->text == NULL)
    bytes = (GString){ (char *)"", 0, 0 };
  int order = wt_filter_value_compare (self->node->operand.type, self->left, &right);
  return test_value (self, relation_holds (self->node->relation, order));
}

static gboolean
test_left (const WtEventValue *value, gpointer user_data)
{
  Test *self = user_data;
  self->left = value;
  wt_filter_operand_values (&self->node->other, self->subject, test_right, self);
  return !self->seen || self->node->all == self->holds;
}

static gboolean
values_hold (const WtFilterNode *node, WtFilterSubject *subject)
{
  Test test = { .node = node, .subject = subject };
  WtFilterValueFunc func = node->type == WT_NODE_FIELDS ? test_left : test_literal;
  wt_filter_operand_values (&node->operand, subject, func, &test);
  return test.seen && test.holds;
}

gboolean
wt_filter_node_holds (const WtFilterNode *self, WtFilterSubject *subject)
{
  switch (self->type)
    {
    case WT_NODE_AND:
      return wt_filter_node_holds (self->left, subject) && wt_filter_node_holds (self->right, subject);
    case WT_NODE_OR:
      return wt_filter_node_holds (self->left, subject) || wt_filter_node_holds (self->right, subject);
    case WT_NODE_XOR:
      return wt_filter_node_holds (self->left, subject) != wt_filter_node_holds (self->right, subject);
    case WT_NODE_NOT:
      return !wt_filter_node_holds (self->left, subject);
    case WT_NODE_PRESENT:
      return wt_filter_operand_present (&self->operand, subject);
    default:
      return values_hold (self, subject);
    }
}
