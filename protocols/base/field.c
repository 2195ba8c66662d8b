#include "protocols/base/field.h"

#include <stdarg.h>
#include <string.h>

static char *
valid_text (const char *value, gssize value_len)
{
  if (value == NULL)
    return NULL;
  gsize length = value_len < 0 ? strlen (value) : (gsize)value_len;
  if (g_utf8_validate_len (value, length, NULL))
    return g_strndup (value, length);
  return g_utf8_make_valid (value, length);
}

/* The text of a number as a person reads it. */
static char *
number_text (WtFieldType type, gint64 number)
{
  switch (type)
    {
    case WT_FIELD_BOOLEAN:
      return g_strdup (number ? "True" : "False");
    case WT_FIELD_IPV4:
      return g_strdup_printf ("%u.%u.%u.%u", (guint)(number >> 24) & 255, (guint)(number >> 16) & 255,
                              (guint)(number >> 8) & 255, (guint)number & 255);
    case WT_FIELD_TIME:
      return g_strdup_printf ("%s%" G_GINT64_FORMAT ".%09u", number < 0 ? "-" : "",
                              ABS (number / G_GINT64_CONSTANT (1000000000)),
                              (guint)ABS (number % G_GINT64_CONSTANT (1000000000)));
    case WT_FIELD_UINT:
      return g_strdup_printf ("%" G_GUINT64_FORMAT, (guint64)number);
    case WT_FIELD_NONE:
    case WT_FIELD_STRING:
    case WT_FIELD_INT:
    case WT_FIELD_BYTES:
    default:
      return g_strdup_printf ("%" G_GINT64_FORMAT, number);
    }
}

static WtField *
field_new_taking (const WtFieldInfo *info, gsize start, gsize end, char *value, gint64 number)
{
  WtField *self = g_new0 (WtField, 1);
  self->info = info;
  self->start = start;
  self->end = MAX (start, end);
  self->value = value;
  self->number = number;
  return self;
}

WtField *
wt_field_new (const WtFieldInfo *info, gsize start, gsize end, const char *value, gssize value_len)
{
  g_return_val_if_fail (info != NULL, NULL);
  return field_new_taking (info, start, end, valid_text (value, value_len), 0);
}

WtField *
wt_field_new_number (const WtFieldInfo *info, gsize start, gsize end, gint64 number)
{
  g_return_val_if_fail (info != NULL, NULL);
  return field_new_taking (info, start, end, number_text (info->type, number), number);
}

void
wt_field_free (WtField *self)
{
  if (self == NULL)
    return;
  g_free (self->value);
  g_free (self->glossary);
  g_clear_pointer (&self->children, g_ptr_array_unref);
  g_free (self);
}

WtField *
wt_field_append (WtField *self, WtField *child)
{
  g_return_val_if_fail (self != NULL && child != NULL, NULL);
  if (self->children == NULL)
    self->children = g_ptr_array_new_with_free_func ((GDestroyNotify)wt_field_free);
  g_ptr_array_add (self->children, child);
  return child;
}

WtField *
wt_field_append_string (WtField *self, const WtFieldInfo *info, gsize start, gsize end, const char *value,
                        gssize value_len)
{
  return wt_field_append (self, wt_field_new (info, start, end, value, value_len));
}

WtField *
wt_field_append_number (WtField *self, const WtFieldInfo *info, gsize start, gsize end, gint64 number)
{
  return wt_field_append (self, wt_field_new_number (info, start, end, number));
}

WtField *
wt_field_set_glossary (WtField *self, const char *format, ...)
{
  va_list arguments;

  g_return_val_if_fail (self != NULL && format != NULL, self);
  va_start (arguments, format);
  g_autofree char *key = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_free (self->glossary);
  self->glossary = g_utf8_make_valid (key, -1);
  return self;
}

static guint
n_children (const WtField *self)
{
  return self->children != NULL ? self->children->len : 0;
}

const WtField *
wt_field_find (const WtField *self, const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);
  if (self == NULL || strcmp (self->info->name, name) == 0)
    return self;
  for (guint i = 0; i < n_children (self); i++)
    {
      const WtField *found = wt_field_find (g_ptr_array_index (self->children, i), name);
      if (found != NULL)
        return found;
    }
  return NULL;
}

/* The deepest field below `self` that holds `offset`, and how deep; siblings may overlap, the first of equals wins. */
static const WtField *
deepest_at (const WtField *self, gsize offset, guint depth, guint *found_depth)
{
  const WtField *best = NULL;

  if (offset >= self->start && offset < self->end)
    {
      best = self;
      *found_depth = depth;
    }
  for (guint i = 0; i < n_children (self); i++)
    {
      guint child_depth = 0;
      const WtField *found = deepest_at (g_ptr_array_index (self->children, i), offset, depth + 1, &child_depth);
      if (found != NULL && (best == NULL || child_depth > *found_depth))
        {
          best = found;
          *found_depth = child_depth;
        }
    }
  return best;
}

const WtField *
wt_field_at (const WtField *self, gsize offset)
{
  guint depth = 0;
  return self != NULL ? deepest_at (self, offset, 0, &depth) : NULL;
}

static gboolean
walk (const WtField *self, guint depth, WtFieldFunc func, gpointer user_data)
{
  if (!func (self, depth, user_data))
    return FALSE;
  for (guint i = 0; i < n_children (self); i++)
    if (!walk (g_ptr_array_index (self->children, i), depth + 1, func, user_data))
      return FALSE;
  return TRUE;
}

gboolean
wt_field_walk (const WtField *self, WtFieldFunc func, gpointer user_data)
{
  g_return_val_if_fail (func != NULL, FALSE);
  return self == NULL || walk (self, 0, func, user_data);
}
