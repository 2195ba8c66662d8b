/* Packets as pictures: one texture for each label, protocol, look and direction, made when it is first needed. */
#pragma once

#include "app/render/canvas-render.h"

#include <gtk/gtk.h>

#define WT_SPRITE_DIRECTIONS 16
#define WT_SPRITES_MAX 600 /* textures kept; then they are made anew */

typedef struct {
  GdkTexture *texture;
  double half_width, half_height; /* pixels */
} WtSprite;

typedef struct _WtSprites WtSprites;

WtSprites *wt_sprites_new (void);
/* Forgets everything when one of these differs from the last time. */
void wt_sprites_set_look (WtSprites *self, const WtTheme *theme, double zoom, int scale);
const WtSprite *wt_sprites_get (WtSprites *self, const char *label, guint8 protocol, guint8 flags, double angle);
void wt_sprites_free (WtSprites *self);
