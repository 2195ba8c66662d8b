/* Recorded devices: what somebody's snmpwalk saw, as managed objects. Two forms of file:
 *
 *   snmpwalk -ObentU   .1.3.6.1.2.1.1.5.0 = STRING: "gate"      (names in numbers, enumerations in numbers, ticks in
 * numbers) .snmprec           1.3.6.1.2.1.1.5.0|4|gate                 (tag in decimal; 4x: the octets in hexadecimal)
 *
 * The form is told from the first line that is not empty. Pure: no file is opened here. */
#pragma once

#include "app/hosts/managed-objects.h"

#define WT_RECORDING_MAX (64 * 1024 * 1024) /* bytes of a file */

#define WT_RECORDING_ERROR (wt_recording_error_quark ())
GQuark wt_recording_error_quark (void);
typedef enum {
  WT_RECORDING_ERROR_READ,
  WT_RECORDING_ERROR_SYNTAX
} WtRecordingError;

/* Puts what is recorded. FALSE with error: file, line, what was found and what would be right. */
gboolean wt_recording_parse (const char *name, const char *data, gsize length, WtManagedObjects *objects,
                             GError **error);
gboolean wt_recording_load (const char *path, WtManagedObjects *objects, GError **error);
