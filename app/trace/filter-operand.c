/* Operands: fields and layers by name, and their values in an event. */
#include "app/trace/filter-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* --- names -------------------------------------------------------------------------------------------------------- */

static void
find_own (WtFilterOperand *operand, const char *name)
{
  for (guint i = 0; i < WT_EVENT_N_ROOTS; i++)
    {
      const WtEventRoot *root = wt_event_roots[i];
      guint n_found = 0;
      if (strcmp (root->info.name, name) == 0)
        operand->root = root;
      for (guint k = 0; k < root->n_rows; k++)
        if (strcmp (root->rows[k].info.name, name) == 0 && n_found < G_N_ELEMENTS (operand->rows))
          {
            operand->root = root;
            operand->rows[n_found++] = &root->rows[k];
          }
    }
}

/* Trees in which fields of this dissector stand: its own; one without a port (mail) is carried inside of others. */
static guint32
trees_with (const WtDissector *dissector)
{
  return dissector->port ? 1u << dissector->protocol : G_MAXUINT32;
}

static void
find_in_dissectors (WtFilterOperand *operand, const char *name)
{
  for (guint i = 0; i < WT_N_PROTOCOLS; i++)
    {
      const WtDissector *dissector = wt_dissector_for (i);
      if (dissector && strcmp (dissector->name, name) == 0)
        operand->protocol = i;
      for (const WtFieldInfo *const *info = dissector ? dissector->fields : NULL; info && *info; info++)
        if (strcmp ((*info)->name, name) == 0)
          operand->protocols |= trees_with (dissector);
    }
}

G_STATIC_ASSERT (WT_N_PROTOCOLS <= 32);

gboolean
wt_filter_operand_find (WtFilterOperand *operand, const char *name, gsize length)
{
  g_autofree char *text = g_strndup (name, length);
  *operand = (WtFilterOperand){ .info = wt_event_field_info (text) };
  if (operand->info == NULL)
    return FALSE;
  operand->type = operand->info->type;
  find_own (operand, text);
  if (operand->root == NULL)
    find_in_dissectors (operand, text);
  return TRUE;
}

gboolean
wt_filter_operand_is_layer (const WtFilterOperand *operand)
{
  return operand->function == WT_FUNCTION_NONE
         && (operand->protocol != WT_PROTOCOL_NONE || (operand->root && operand->rows[0] == NULL));
}

/* --- values ------------------------------------------------------------------------------------------------------- */

typedef struct {
  const WtFilterOperand *operand;
  const WtEventView *view;
  WtFilterValueFunc func;
  gpointer user_data;
  guint n_values;
} Give;

static gboolean
give_slices (Give *give, const WtEventValue *value)
{
  GString *bytes = wt_filter_slices_cut (give->operand, value->text ? value->text : "", value->text_len);
  if (bytes == NULL)
    return TRUE;
  gboolean more = give->func (&(WtEventValue){ .text = bytes->str, .text_len = bytes->len }, give->user_data);
  g_string_free (bytes, TRUE);
  return more;
}

static gboolean
give_changed (Give *give, const WtEventValue *value)
{
  const WtFilterOperand *operand = give->operand;
  if (operand->n_slices > 0)
    return give_slices (give, value);
  WtEventValue changed = *value;
  changed.owned = NULL;
  if (operand->function == WT_FUNCTION_LEN)
    changed.number = value->text_len;
  else if (operand->function == WT_FUNCTION_LOWER)
    changed.text = changed.owned = g_utf8_strdown (value->text, value->text_len);
  else if (operand->function == WT_FUNCTION_UPPER)
    changed.text = changed.owned = g_utf8_strup (value->text, value->text_len);
  if (changed.owned)
    changed.text_len = strlen (changed.owned);
  if (operand->bits)
    changed.number &= operand->bits;
  gboolean more = give->func (&changed, give->user_data);
  g_free (changed.owned);
  return more;
}

/* One value of the field, its bytes as bytes. */
static gboolean
give (Give *self, const WtEventValue *value)
{
  const WtFilterOperand *operand = self->operand;
  self->n_values++;
  if (operand->function == WT_FUNCTION_COUNT)
    return TRUE;
  if (operand->info->type != WT_FIELD_BYTES)
    {
      gboolean changed = operand->function || operand->bits || operand->n_slices;
      return changed ? give_changed (self, value) : self->func (value, self->user_data);
    }
  GString *bytes = wt_filter_bytes_of_hex (value->text ? value->text : "", value->text_len);
  if (bytes == NULL)
    return TRUE;
  WtEventValue raw = { .text = bytes->str, .text_len = bytes->len };
  gboolean more = give_changed (self, &raw);
  g_string_free (bytes, TRUE);
  return more;
}

/* A branch of the tree stands for the bytes that it covers. */
static void
set_range (WtEventValue *value, const WtEventView *view, const WtField *field)
{
  gsize n_bytes;
  const guint8 *bytes = wt_event_bytes (view->event, &n_bytes);
  gsize start = MIN (field->start, n_bytes);
  value->text = (const char *)bytes + start;
  value->text_len = MIN (field->end, n_bytes) - start;
}

static gboolean
give_field (const WtField *field, guint depth, gpointer user_data)
{
  Give *self = user_data;
  const WtFieldInfo *info = self->operand->info;
  if (field->info != info && strcmp (field->info->name, info->name) != 0)
    return TRUE;
  WtEventValue value = { .number = field->number };
  wt_event_value_set_text (&value, field->value ? field->value : "");
  if (info->type == WT_FIELD_NONE)
    set_range (&value, self->view, field);
  return give (self, &value);
}

static void
give_rows (Give *self, const WtEventView *view)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->operand->rows) && self->operand->rows[i]; i++)
    {
      WtEventValue value = { 0 };
      gboolean more = !self->operand->rows[i]->get (view, &value) || give (self, &value);
      g_free (value.owned);
      if (!more)
        return;
    }
}

static WtField *
tree_of (WtFilterSubject *subject)
{
  if (!subject->dissected)
    subject->tree = wt_event_view_dissect (&subject->view);
  subject->dissected = TRUE;
  return subject->tree;
}

/* Whether looking into the event's tree can find the field at all. */
static gboolean
may_be_in_tree (const WtFilterOperand *operand, const WtEventView *view)
{
  return operand->protocols & 1u << MIN (view->event->protocol, 31) && wt_event_view_is_whole_message (view)
         && wt_event_view_dissector (view);
}

static void
give_layer (Give *self, const WtEventView *view)
{
  gsize n_bytes;
  WtEventValue value = { .text = (const char *)wt_event_bytes (view->event, &n_bytes) };
  value.text_len = n_bytes;
  give (self, &value);
}

static gboolean
layer_present (const WtFilterOperand *self, const WtEventView *view)
{
  if (self->root)
    return self->root->present (view);
  return view->event->protocol == self->protocol && wt_event_view_dissector (view);
}

void
wt_filter_operand_values (const WtFilterOperand *self, WtFilterSubject *subject, WtFilterValueFunc func,
                          gpointer user_data)
{
  const WtEventView *view = &subject->view;
  Give giving = { self, view, func, user_data, 0 };
  if (self->rows[0])
    {
      if (self->root->present (view))
        give_rows (&giving, view);
    }
  else if (wt_filter_operand_is_layer (self) && layer_present (self, view))
    give_layer (&giving, view);
  else if (may_be_in_tree (self, view))
    wt_field_walk (tree_of (subject), give_field, &giving);
  if (self->function == WT_FUNCTION_COUNT && giving.n_values > 0)
    func (&(WtEventValue){ .number = giving.n_values }, user_data);
}

static gboolean
found_one (const WtEventValue *value, gpointer user_data)
{
  *(gboolean *)user_data = TRUE;
  return FALSE;
}

static gboolean
found_bits (const WtEventValue *value, gpointer user_data)
{
  *(gboolean *)user_data = value->number != 0;
  return value->number == 0;
}

gboolean
wt_filter_operand_present (const WtFilterOperand *self, WtFilterSubject *subject)
{
  gboolean found = FALSE;
  if (wt_filter_operand_is_layer (self) && self->n_slices == 0 && layer_present (self, &subject->view))
    return TRUE;
  wt_filter_operand_values (self, subject, self->bits ? found_bits : found_one, &found);
  return found;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static gboolean
fail_unknown (WtFilterParser *parser, const WtToken *token)
{
  g_autofree char *name = g_strndup (token->start, token->length);
  const char *nearest = wt_filter_nearest_field (name);
  if (nearest)
    return wt_filter_fail (parser, token, WT_FILTER_ERROR_UNKNOWN_FIELD, _("a field; did you mean \"%s\"?"), nearest);
  return wt_filter_fail (parser, token, WT_FILTER_ERROR_UNKNOWN_FIELD, _("a field such as \"tcp.port\" or \"smtp\""));
}

static gboolean
read_field (WtFilterParser *parser, WtFilterOperand *operand)
{
  WtToken token = parser->token;
  if (token.type != WT_TOKEN_WORD)
    return wt_filter_fail (parser, &token, WT_FILTER_ERROR_SYNTAX, _("a field such as \"tcp.port\" or \"smtp\""));
  if (!wt_filter_operand_find (operand, token.start, token.length))
    return fail_unknown (parser, &token);
  return wt_filter_advance (parser);
}

/* Which types a function takes, and what it gives. */
static gboolean
apply_function (WtFilterParser *parser, const WtToken *at, WtFunction function, WtFilterOperand *operand)
{
  WtFieldType type = operand->info->type;
  gboolean text = type == WT_FIELD_STRING;
  if (function == WT_FUNCTION_LEN ? !text && type != WT_FIELD_BYTES : function != WT_FUNCTION_COUNT && !text)
    return wt_filter_fail (parser, at, WT_FILTER_ERROR_TYPE, _("a field that is text"));
  operand->function = function;
  operand->type = text && function >= WT_FUNCTION_LOWER ? WT_FIELD_STRING : WT_FIELD_UINT;
  return TRUE;
}

static gboolean
expect (WtFilterParser *parser, const char *sign)
{
  if (!wt_token_is (&parser->token, sign))
    return wt_filter_fail (parser, &parser->token, WT_FILTER_ERROR_SYNTAX, "\"%s\"", sign);
  return wt_filter_advance (parser);
}

static gboolean
read_function (WtFilterParser *parser, WtFunction function, WtFilterOperand *operand)
{
  if (!expect (parser, "("))
    return FALSE;
  WtToken field = parser->token;
  return read_field (parser, operand) && apply_function (parser, &field, function, operand) && expect (parser, ")");
}

/* "tcp.flags & 0x12" */
static gboolean
read_bits (WtFilterParser *parser, WtFilterOperand *operand)
{
  WtFilterValue value;
  if (operand->type != WT_FIELD_UINT)
    return wt_filter_fail (parser, &parser->token, WT_FILTER_ERROR_TYPE, _("a number field before \"&\""));
  if (!wt_filter_advance (parser) || !wt_filter_value_read (parser, &parser->token, WT_FIELD_UINT, &value))
    return FALSE;
  operand->bits = value.number;
  if (operand->bits == 0)
    return wt_filter_fail (parser, &parser->token, WT_FILTER_ERROR_TYPE, _("a number other than 0 after \"&\""));
  return wt_filter_advance (parser);
}

gboolean
wt_filter_operand_read (WtFilterParser *parser, WtFilterOperand *operand)
{
  static const char *const functions[] = { NULL, "len", "count", "lower", "upper" };
  WtToken token = parser->token;
  for (guint i = 1; i < G_N_ELEMENTS (functions); i++)
    if (wt_token_is (&token, functions[i]))
      return wt_filter_advance (parser) && read_function (parser, i, operand);
  if (!read_field (parser, operand))
    return FALSE;
  if (wt_token_is (&parser->token, "["))
    return wt_filter_slices_read (parser, operand);
  return wt_token_is (&parser->token, "&") ? read_bits (parser, operand) : TRUE;
}
