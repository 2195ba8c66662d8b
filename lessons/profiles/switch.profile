[profile]
title=Switch
title[de]=Switch

[objects]
sysDescr.0=Wiretalk switch, software 1.0
sysObjectID.0=1.3.6.1.4.1.32473.1.2
sysServices.0=2
entPhysicalDescr.1=Switch
entPhysicalContainedIn.1=0
entPhysicalClass.1=chassis
entPhysicalParentRelPos.1=-1
entPhysicalName.1=chassis
