[profile]
title=Router
title[de]=Router

[objects]
sysDescr.0=Wiretalk router, four processors, software 1.0
sysObjectID.0=1.3.6.1.4.1.32473.1.1
sysServices.0=4
ipForwarding.0=forwarding
entPhysicalDescr.1=Router
entPhysicalContainedIn.1=0
entPhysicalClass.1=chassis
entPhysicalParentRelPos.1=-1
entPhysicalName.1=chassis
entPhysicalDescr.2=Power supply
entPhysicalContainedIn.2=1
entPhysicalClass.2=powerSupply
entPhysicalParentRelPos.2=1
entPhysicalName.2=power
entPhysicalDescr.3=Temperature of the air that comes in
entPhysicalContainedIn.3=1
entPhysicalClass.3=sensor
entPhysicalParentRelPos.3=2
entPhysicalName.3=inlet
entPhySensorType.3=celsius
entPhySensorScale.3=units
entPhySensorPrecision.3=0
entPhySensorValue.3={wave 24 31 900}
entPhySensorOperStatus.3=ok
entPhySensorUnitsDisplay.3=degrees Celsius
