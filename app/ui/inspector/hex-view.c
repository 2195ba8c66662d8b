#include "app/ui/inspector/hex-view.h"

#include "app/ui/common/drawn-view.h"

#include <glib/gi18n.h>
#include <math.h>

#define MARGIN 9.0          /* pixels round the dump */
#define LINE_SPACE 3.0      /* pixels between lines */
#define COPY_MAX (1 << 20)  /* bytes that are copied as hex at most */
#define OFFSET_DIGITS 4     /* at least */

struct _WtHexView {
  GtkWidget parent_instance;

  GBytes *bytes; /* (nullable) */
  gsize caret;   /* WT_HEX_NO_BYTE: nowhere */
  gsize start, end; /* highlighted */

  GtkAdjustment *adjustments[2]; /* (nullable) by GtkOrientation */
  GtkScrollablePolicy policies[2];
  PangoLayout *layout;
  double char_width, line_height;
};

G_DEFINE_FINAL_TYPE_WITH_CODE (WtHexView, wt_hex_view, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

enum { PROP_0, PROP_HADJUSTMENT, PROP_VADJUSTMENT, PROP_HSCROLL_POLICY, PROP_VSCROLL_POLICY };
enum { SIGNAL_BYTE_SELECTED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* --- places ------------------------------------------------------------------------------------------------------- */

static gsize
n_bytes (WtHexView *self)
{
  return self->bytes ? g_bytes_get_size (self->bytes) : 0;
}

static guint
offset_digits (WtHexView *self)
{
  guint digits = OFFSET_DIGITS;

  while (digits < 16 && n_bytes (self) >> (4 * digits))
    digits++;
  return digits;
}

/* Columns of characters: "0010  48 65 6c 6c 6f 20 42 6f  62 21 0d 0a              Hello Bob!..": a wider gap before the
 * ninth byte, two before the text. */
static guint
hex_column (WtHexView *self, guint i)
{
  return offset_digits (self) + 2 + 3 * i + (i >= 8 ? 1 : 0);
}

static guint
text_column (WtHexView *self, guint per_line, guint i)
{
  return hex_column (self, per_line - 1) + 4 + i;
}

static double
line_width (WtHexView *self, guint per_line)
{
  return 2 * MARGIN + (text_column (self, per_line, per_line)) * self->char_width;
}

guint
wt_hex_view_bytes_per_line (WtHexView *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));

  for (guint per_line = 16; per_line > 4; per_line /= 2)
    if (line_width (self, per_line) <= width)
      return per_line;
  return 4;
}

static gsize
n_lines (WtHexView *self)
{
  guint per_line = wt_hex_view_bytes_per_line (self);

  return (n_bytes (self) + per_line - 1) / per_line;
}

static double
scrolled (WtHexView *self, GtkOrientation orientation)
{
  return self->adjustments[orientation] ? round (gtk_adjustment_get_value (self->adjustments[orientation])) : 0;
}

static double
line_top (WtHexView *self, gsize line)
{
  return MARGIN + line * self->line_height - scrolled (self, GTK_ORIENTATION_VERTICAL);
}

static double
column_left (WtHexView *self, guint column)
{
  return MARGIN + column * self->char_width - scrolled (self, GTK_ORIENTATION_HORIZONTAL);
}

void
wt_hex_view_byte_area (WtHexView *self, gsize offset, graphene_rect_t *area)
{
  guint per_line = wt_hex_view_bytes_per_line (self);

  *area = GRAPHENE_RECT_INIT (column_left (self, hex_column (self, offset % per_line)),
                              line_top (self, offset / per_line), 2 * self->char_width, self->line_height);
}

/* Between two bytes the nearer one; beside the dump none. */
static int
index_at_column (WtHexView *self, guint per_line, double column)
{
  for (guint i = 0; i < per_line; i++)
    {
      guint hex = hex_column (self, i), text = text_column (self, per_line, i);

      if ((column >= hex - 0.5 && column < hex + 2.5) || (column >= text && column < text + 1))
        return i;
    }
  return -1;
}

gsize
wt_hex_view_byte_at (WtHexView *self, double x, double y)
{
  guint per_line = wt_hex_view_bytes_per_line (self);
  double line = floor ((y - line_top (self, 0)) / self->line_height);
  int i = index_at_column (self, per_line, (x - column_left (self, 0)) / self->char_width);

  if (line < 0 || i < 0 || line * per_line + i >= n_bytes (self))
    return WT_HEX_NO_BYTE;
  return (gsize) line * per_line + i;
}

/* --- scrolling ---------------------------------------------------------------------------------------------------- */

static void
configure (WtHexView *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));
  double wide = line_width (self, wt_hex_view_bytes_per_line (self));
  double high = 2 * MARGIN + n_lines (self) * self->line_height;

  if (self->adjustments[GTK_ORIENTATION_HORIZONTAL])
    gtk_adjustment_configure (self->adjustments[GTK_ORIENTATION_HORIZONTAL],
                              CLAMP (scrolled (self, GTK_ORIENTATION_HORIZONTAL), 0, MAX (wide - width, 0)), 0,
                              MAX (wide, width), self->char_width, width * 0.9, width);
  if (self->adjustments[GTK_ORIENTATION_VERTICAL])
    gtk_adjustment_configure (self->adjustments[GTK_ORIENTATION_VERTICAL],
                              CLAMP (scrolled (self, GTK_ORIENTATION_VERTICAL), 0, MAX (high - height, 0)), 0,
                              MAX (high, height), self->line_height, MAX (height - self->line_height, 1), height);
}

static void
show_byte (WtHexView *self, gsize offset)
{
  GtkAdjustment *vertical = self->adjustments[GTK_ORIENTATION_VERTICAL];
  double top = MARGIN + (offset / wt_hex_view_bytes_per_line (self)) * self->line_height;

  if (vertical)
    gtk_adjustment_clamp_page (vertical, top - MARGIN, top + self->line_height + MARGIN);
}

static void
set_adjustment (WtHexView *self, GtkOrientation orientation, GtkAdjustment *adjustment)
{
  GtkAdjustment **place = &self->adjustments[orientation];

  if (*place)
    g_signal_handlers_disconnect_by_data (*place, self);
  g_clear_object (place);
  if (!adjustment)
    return;
  *place = g_object_ref_sink (adjustment);
  g_signal_connect_swapped (adjustment, "value-changed", G_CALLBACK (gtk_widget_queue_draw), self);
  configure (self);
}

static void
wt_hex_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  configure (WT_HEX_VIEW (widget));
}

static void
wt_hex_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                     int *minimum_baseline, int *natural_baseline)
{
  WtHexView *self = WT_HEX_VIEW (widget);

  *minimum = 0;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? ceil (line_width (self, 16))
                                                       : ceil (2 * MARGIN + 8 * self->line_height);
}

/* --- drawing ------------------------------------------------------------------------------------------------------ */

static GdkRGBA
rgba (const WtColor *color, double alpha)
{
  return (GdkRGBA){ color->red, color->green, color->blue, alpha };
}

static void
fill (GtkSnapshot *snapshot, const GdkRGBA *color, double x, double y, double width, double height)
{
  gtk_snapshot_append_color (snapshot, color, &GRAPHENE_RECT_INIT (x, y, width, height));
}

static void
append_text (WtHexView *self, GtkSnapshot *snapshot, const char *text, const GdkRGBA *color, double x, double y)
{
  pango_layout_set_text (self->layout, text, -1);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, y + LINE_SPACE / 2));
  gtk_snapshot_append_layout (snapshot, self->layout, color);
  gtk_snapshot_restore (snapshot);
}

/* The part of [start, end) that lies in a line, under its digits and its characters. */
static void
draw_range (WtHexView *self, GtkSnapshot *snapshot, gsize line, gsize start, gsize end, const GdkRGBA *color)
{
  guint per_line = wt_hex_view_bytes_per_line (self);
  gsize first = MAX (start, line * per_line), last = MIN (end, (line + 1) * per_line);
  double y = line_top (self, line), left, right;
  guint a, b;

  if (first >= last)
    return;
  a = first % per_line;
  b = (last - 1) % per_line;
  left = column_left (self, hex_column (self, a)) - 2;
  right = column_left (self, hex_column (self, b) + 2) + 2;
  fill (snapshot, color, left, y, right - left, self->line_height);
  left = column_left (self, text_column (self, per_line, a));
  right = column_left (self, text_column (self, per_line, b) + 1);
  fill (snapshot, color, left, y, right - left, self->line_height);
}

static void
draw_caret (WtHexView *self, GtkSnapshot *snapshot)
{
  GdkRGBA color = rgba (&wt_view_theme ()->selection, gtk_widget_has_focus (GTK_WIDGET (self)) ? 1 : 0.5);
  GskRoundedRect outline;
  graphene_rect_t area;

  wt_hex_view_byte_area (self, self->caret, &area);
  graphene_rect_inset (&area, -2, 0);
  gsk_rounded_rect_init_from_rect (&outline, &area, 3);
  gtk_snapshot_append_border (snapshot, &outline, (float[4]){ 2, 2, 2, 2 },
                              (GdkRGBA[4]){ color, color, color, color });
}

static void
draw_line (WtHexView *self, GtkSnapshot *snapshot, gsize line)
{
  static const char digits[] = "0123456789abcdef";
  guint per_line = wt_hex_view_bytes_per_line (self);
  const guint8 *bytes = g_bytes_get_data (self->bytes, NULL);
  gsize first = line * per_line, last = MIN (first + per_line, n_bytes (self));
  const WtTheme *theme = wt_view_theme ();
  GdkRGBA dim = rgba (&theme->dim, 1), foreground = rgba (&theme->foreground, 1);
  GdkRGBA marked = rgba (&theme->selection, theme->dark ? 0.45 : 0.3);
  char text[128], offset[24];
  double y = line_top (self, line);

  memset (text, ' ', sizeof text);
  for (gsize i = first; i < last; i++)
    {
      guint hex = hex_column (self, i - first) - hex_column (self, 0);

      text[hex] = digits[bytes[i] >> 4];
      text[hex + 1] = digits[bytes[i] & 15];
      text[text_column (self, per_line, i - first) - hex_column (self, 0)]
          = g_ascii_isprint (bytes[i]) ? bytes[i] : '.';
    }
  text[text_column (self, per_line, last - first) - hex_column (self, 0)] = '\0';
  draw_range (self, snapshot, line, self->start, self->end, &marked);
  g_snprintf (offset, sizeof offset, "%0*" G_GINT64_MODIFIER "x", offset_digits (self), (guint64) first);
  append_text (self, snapshot, offset, &dim, column_left (self, 0), y);
  append_text (self, snapshot, text, &foreground, column_left (self, hex_column (self, 0)), y);
}

static void
wt_hex_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  WtHexView *self = WT_HEX_VIEW (widget);
  double first = floor (-line_top (self, 0) / self->line_height);
  gsize line = MAX (first, 0), end = n_lines (self);
  int height = gtk_widget_get_height (widget);

  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (widget), height));
  for (; line < end && line_top (self, line) < height; line++)
    draw_line (self, snapshot, line);
  if (self->caret < n_bytes (self))
    draw_caret (self, snapshot);
  gtk_snapshot_pop (snapshot);
}

/* --- what is shown ------------------------------------------------------------------------------------------------ */

/* A screen reader hears the byte that the caret is on. */
static void
describe (WtHexView *self)
{
  const guint8 *bytes = self->bytes ? g_bytes_get_data (self->bytes, NULL) : NULL;
  g_autofree char *text = NULL;

  if (self->caret < n_bytes (self))
    text = g_strdup_printf (_("Byte %llu: %02x, “%c”"), (unsigned long long) self->caret, bytes[self->caret],
                            g_ascii_isprint (bytes[self->caret]) ? bytes[self->caret] : '.');
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text ? text : "", -1);
}

static void
set_caret (WtHexView *self, gsize caret)
{
  self->caret = caret;
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
wt_hex_view_set_bytes (WtHexView *self, GBytes *bytes)
{
  if (bytes)
    g_bytes_ref (bytes);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  self->bytes = bytes;
  self->start = self->end = 0;
  if (self->adjustments[GTK_ORIENTATION_VERTICAL])
    gtk_adjustment_set_value (self->adjustments[GTK_ORIENTATION_VERTICAL], 0);
  set_caret (self, WT_HEX_NO_BYTE);
  configure (self);
}

void
wt_hex_view_highlight (WtHexView *self, gsize start, gsize end)
{
  self->start = MIN (start, n_bytes (self));
  self->end = MIN (MAX (start, end), n_bytes (self));
  if (self->end > self->start)
    {
      show_byte (self, self->end - 1);
      show_byte (self, self->start);
    }
  if (self->caret < self->start || self->caret >= self->end)
    set_caret (self, self->end > self->start ? self->start : WT_HEX_NO_BYTE);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

gsize
wt_hex_view_caret (WtHexView *self)
{
  return self->caret;
}

char *
wt_hex_view_copy (WtHexView *self)
{
  const guint8 *bytes = self->bytes ? g_bytes_get_data (self->bytes, NULL) : NULL;
  gsize start = self->start, end = self->end;
  GString *text;

  if (start == end && self->caret < n_bytes (self))
    {
      start = self->caret;
      end = start + 1;
    }
  if (start == end)
    return NULL;
  text = g_string_new (NULL);
  for (gsize i = start; i < MIN (end, start + COPY_MAX); i++)
    g_string_append_printf (text, "%s%02x", i > start ? " " : "", bytes[i]);
  return g_string_free (text, FALSE);
}

/* --- input -------------------------------------------------------------------------------------------------------- */

static void
select_byte (WtHexView *self, gsize offset)
{
  set_caret (self, offset);
  show_byte (self, offset);
  g_signal_emit (self, signals[SIGNAL_BYTE_SELECTED], 0, (guint64) offset);
}

static void
on_pressed (WtHexView *self, int n_press, double x, double y)
{
  gsize offset = wt_hex_view_byte_at (self, x, y);

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (offset != WT_HEX_NO_BYTE)
    select_byte (self, offset);
}

/* Where the caret goes from `at`; keys that are not the dump's leave it. */
static gsize
target_of_key (WtHexView *self, guint key, gboolean control, gsize at)
{
  gsize per_line = wt_hex_view_bytes_per_line (self), last = n_bytes (self) - 1, column = at % per_line;
  gsize page = per_line * (gsize) MAX (gtk_widget_get_height (GTK_WIDGET (self)) / self->line_height - 1, 1);

  switch (key)
    {
    case GDK_KEY_Left:
      return at > 0 ? at - 1 : 0;
    case GDK_KEY_Right:
      return MIN (at + 1, last);
    case GDK_KEY_Up:
      return at >= per_line ? at - per_line : at;
    case GDK_KEY_Down:
      return at + per_line <= last ? at + per_line : at;
    case GDK_KEY_Page_Up:
      return at >= page ? at - page : column;
    case GDK_KEY_Page_Down:
      return MIN (at + page, last);
    case GDK_KEY_Home:
      return control ? 0 : at - column;
    case GDK_KEY_End:
      return control ? last : MIN (at - column + per_line - 1, last);
    default:
      return WT_HEX_NO_BYTE;
    }
}

static gboolean
on_key (WtHexView *self, guint key, guint code, GdkModifierType state)
{
  gboolean control = (state & GDK_CONTROL_MASK) != 0;
  gsize target;

  if (n_bytes (self) == 0)
    return GDK_EVENT_PROPAGATE;
  target = target_of_key (self, key, control, self->caret == WT_HEX_NO_BYTE ? 0 : self->caret);
  if (target == WT_HEX_NO_BYTE)
    return GDK_EVENT_PROPAGATE;
  select_byte (self, self->caret == WT_HEX_NO_BYTE ? 0 : target);
  return GDK_EVENT_STOP;
}

static gboolean
on_copy (GtkWidget *widget, GVariant *args, gpointer data)
{
  g_autofree char *text = wt_hex_view_copy (WT_HEX_VIEW (widget));

  if (text)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  return text != NULL;
}

/* --- GObject ------------------------------------------------------------------------------------------------------ */

/* The font follows the widget's style, which is monospace by its CSS class. */
static void
wt_hex_view_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  WtHexView *self = WT_HEX_VIEW (widget);
  int width, height;

  GTK_WIDGET_CLASS (wt_hex_view_parent_class)->css_changed (widget, change);
  g_clear_object (&self->layout);
  self->layout = gtk_widget_create_pango_layout (widget, "0000000000");
  pango_layout_get_size (self->layout, &width, &height);
  self->char_width = width / 10.0 / PANGO_SCALE;
  self->line_height = ceil ((double) height / PANGO_SCALE) + LINE_SPACE;
  gtk_widget_queue_resize (widget);
}

static void
wt_hex_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WtHexView *self = WT_HEX_VIEW (object);

  if (id == PROP_HADJUSTMENT || id == PROP_VADJUSTMENT)
    g_value_set_object (value, self->adjustments[id - PROP_HADJUSTMENT]);
  else if (id == PROP_HSCROLL_POLICY || id == PROP_VSCROLL_POLICY)
    g_value_set_enum (value, self->policies[id - PROP_HSCROLL_POLICY]);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
wt_hex_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  WtHexView *self = WT_HEX_VIEW (object);

  if (id == PROP_HADJUSTMENT || id == PROP_VADJUSTMENT)
    set_adjustment (self, id - PROP_HADJUSTMENT, g_value_get_object (value));
  else if (id == PROP_HSCROLL_POLICY || id == PROP_VSCROLL_POLICY)
    self->policies[id - PROP_HSCROLL_POLICY] = g_value_get_enum (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
wt_hex_view_dispose (GObject *object)
{
  WtHexView *self = WT_HEX_VIEW (object);

  set_adjustment (self, GTK_ORIENTATION_HORIZONTAL, NULL);
  set_adjustment (self, GTK_ORIENTATION_VERTICAL, NULL);
  g_clear_object (&self->layout);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  G_OBJECT_CLASS (wt_hex_view_parent_class)->dispose (object);
}

static void
wt_hex_view_class_init (WtHexViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = wt_hex_view_get_property;
  object_class->set_property = wt_hex_view_set_property;
  object_class->dispose = wt_hex_view_dispose;
  widget_class->measure = wt_hex_view_measure;
  widget_class->size_allocate = wt_hex_view_size_allocate;
  widget_class->snapshot = wt_hex_view_snapshot;
  widget_class->css_changed = wt_hex_view_css_changed;
  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
  signals[SIGNAL_BYTE_SELECTED] = g_signal_new ("byte-selected", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                                NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT64);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, on_copy, NULL);
  gtk_widget_class_set_css_name (widget_class, "wt-hex-view");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
wt_hex_view_init (WtHexView *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->caret = WT_HEX_NO_BYTE;
  self->char_width = self->line_height = 10; /* until there is a font */
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self), "monospace");
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Bytes"), -1);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (on_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  g_signal_connect (self, "notify::has-focus", G_CALLBACK (gtk_widget_queue_draw), NULL);
  wt_view_follow_theme (GTK_WIDGET (self));
}

GtkWidget *
wt_hex_view_new (void)
{
  return g_object_new (WT_TYPE_HEX_VIEW, NULL);
}
