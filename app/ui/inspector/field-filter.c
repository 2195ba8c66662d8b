#include "app/ui/inspector/field-filter.h"

/* Within quotes: backslash and quote are escaped, other control characters as \xHH. */
static char *
quoted (const char *value)
{
  GString *text = g_string_new ("\"");

  for (const char *p = value; *p; p++)
    if (*p == '"' || *p == '\\')
      g_string_append_printf (text, "\\%c", *p);
    else if (g_ascii_iscntrl (*p))
      g_string_append_printf (text, "\\x%02x", *p);
    else
      g_string_append_c (text, *p);
  g_string_append_c (text, '"');
  return g_string_free (text, FALSE);
}

char *
wt_field_to_filter (const WtField *field)
{
  g_autofree char *value = NULL;

  if (field->info->type == WT_FIELD_NONE || (field->info->type == WT_FIELD_STRING && !field->value))
    return g_strdup (field->info->name);
  if (field->info->type == WT_FIELD_BOOLEAN)
    return g_strdup_printf ("%s == %d", field->info->name, field->number != 0);
  if (field->info->type == WT_FIELD_UINT || field->info->type == WT_FIELD_INT)
    return g_strdup_printf ("%s == %" G_GINT64_FORMAT, field->info->name, field->number);
  if (!field->value || !*field->value)
    return field->info->type == WT_FIELD_STRING ? g_strdup_printf ("%s == \"\"", field->info->name)
                                                : g_strdup (field->info->name);
  value = field->info->type == WT_FIELD_STRING ? quoted (field->value) : g_strdup (field->value);
  return g_strdup_printf ("%s == %s", field->info->name, value);
}
