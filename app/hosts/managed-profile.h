/* Profiles: what kind of device it is, as a file (lessons/profiles/NAME.profile). A GLib key file:
 *
 *   [profile]  title, title[de], description
 *   [objects]  NAME=VALUE for each instance: sysDescr.0=A router; as the object's MIB module has it. What moves by
 * itself is written {wave LEAST MOST SECONDS}: up and down; {ramp FROM TO SECONDS}: there, and stays; {count START
 * RATE}: so many more a second. */
#pragma once

#include "app/hosts/managed-objects.h"

#define WT_MANAGED_PROFILE_MAX (1024 * 1024) /* bytes of a file */

typedef enum {
  WT_MANAGED_WAVE,
  WT_MANAGED_RAMP,
  WT_MANAGED_COUNT
} WtManagedShape;

/* A value that moves with time. */
typedef struct {
  WtManagedShape shape;
  double numbers[3];
} WtManagedMotion;

/* What a file says, not yet any device's. */
typedef struct _WtManagedProfile WtManagedProfile;

#define WT_MANAGED_PROFILE_ERROR (wt_managed_profile_error_quark ())
GQuark wt_managed_profile_error_quark (void);
typedef enum {
  WT_MANAGED_PROFILE_ERROR_READ,
  WT_MANAGED_PROFILE_ERROR_SYNTAX
} WtManagedProfileError;

/* "printer" is lessons/profiles/printer.profile; with a slash or a dot it is a file's path. NULL with error: file, key,
 * what was found and what would be right. */
WtManagedProfile *wt_managed_profile_load (const char *name, GError **error);
WtManagedProfile *wt_managed_profile_parse (const char *name, const char *data, gsize length, GError **error);
void wt_managed_profile_free (WtManagedProfile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtManagedProfile, wt_managed_profile_free)

/* Puts the profile's instances; those that move get `get` with the number of their motion, until somebody sets them. */
void wt_managed_profile_apply (const WtManagedProfile *self, WtManagedObjects *objects, WtManagedGet get);
/* The value of a motion after so many seconds; `phase` 0..1: where a wave begins, so that devices differ. */
void wt_managed_profile_move (const WtManagedProfile *self, guint motion, double seconds, double phase,
                              WtSnmpValue *value);
