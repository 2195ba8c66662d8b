#include "app/ui/canvas/canvas-sprites.h"

#include <math.h>

/* Flags that change the look. */
#define LOOK_FLAGS (WT_EVENT_LOST | WT_EVENT_QUEUE_FULL | WT_EVENT_RETRANSMIT)

typedef struct {
  char *label;
  guint8 protocol, flags, direction;
  WtSprite sprite;
} Entry;

struct _WtSprites {
  GHashTable *entries; /* a set of Entry */
  const WtTheme *theme;
  double zoom;
  int scale;
};

static guint
hash_entry (gconstpointer data)
{
  const Entry *entry = data;

  return g_str_hash (entry->label) ^ (guint) (entry->protocol << 16 | entry->flags << 8 | entry->direction);
}

static gboolean
equal_entries (gconstpointer a, gconstpointer b)
{
  const Entry *one = a, *other = b;

  return one->protocol == other->protocol && one->flags == other->flags && one->direction == other->direction
         && g_str_equal (one->label, other->label);
}

static void
free_entry (gpointer data)
{
  Entry *entry = data;

  g_object_unref (entry->sprite.texture);
  g_free (entry->label);
  g_free (entry);
}

WtSprites *
wt_sprites_new (void)
{
  WtSprites *self = g_new0 (WtSprites, 1);

  self->entries = g_hash_table_new_full (hash_entry, equal_entries, free_entry, NULL);
  return self;
}

void
wt_sprites_free (WtSprites *self)
{
  g_hash_table_unref (self->entries);
  g_free (self);
}

void
wt_sprites_set_look (WtSprites *self, const WtTheme *theme, double zoom, int scale)
{
  if (self->theme == theme && self->zoom == zoom && self->scale == scale)
    return;
  self->theme = theme;
  self->zoom = zoom;
  self->scale = scale;
  g_hash_table_remove_all (self->entries);
}

static GdkTexture *
draw_texture (WtSprites *self, const Entry *entry)
{
  int width = ceil (2 * entry->sprite.half_width) * self->scale,
      height = ceil (2 * entry->sprite.half_height) * self->scale;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  gsize stride = cairo_image_surface_get_stride (surface);
  g_autoptr (GBytes) bytes = NULL;
  cairo_t *cr;

  cairo_surface_set_device_scale (surface, self->scale, self->scale);
  cr = cairo_create (surface);
  cairo_translate (cr, width / 2.0 / self->scale, height / 2.0 / self->scale);
  wt_canvas_draw_packet (cr, self->theme, self->zoom, entry->label, entry->protocol, entry->flags,
                         entry->direction * 2 * G_PI / WT_SPRITE_DIRECTIONS);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  bytes = g_bytes_new_with_free_func (cairo_image_surface_get_data (surface), stride * height,
                                      (GDestroyNotify) cairo_surface_destroy, surface);
  return gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, stride);
}

const WtSprite *
wt_sprites_get (WtSprites *self, const char *label, guint8 protocol, guint8 flags, double angle)
{
  int turn = (int) lround (angle * WT_SPRITE_DIRECTIONS / (2 * G_PI)) + 2 * WT_SPRITE_DIRECTIONS;
  Entry wanted = { .label = (char *) label, .protocol = protocol, .flags = flags & LOOK_FLAGS,
                   .direction = turn % WT_SPRITE_DIRECTIONS };
  Entry *entry;

  if (g_hash_table_lookup_extended (self->entries, &wanted, (gpointer *) &entry, NULL))
    return &entry->sprite;
  if (g_hash_table_size (self->entries) >= WT_SPRITES_MAX)
    g_hash_table_remove_all (self->entries);
  entry = g_memdup2 (&wanted, sizeof wanted);
  entry->label = g_strdup (label);
  wt_canvas_packet_extents (self->theme, self->zoom, label, &entry->sprite.half_width, &entry->sprite.half_height);
  entry->sprite.half_width = ceil (entry->sprite.half_width);
  entry->sprite.half_height = ceil (entry->sprite.half_height);
  entry->sprite.texture = draw_texture (self, entry);
  g_hash_table_add (self->entries, entry);
  return &entry->sprite;
}
