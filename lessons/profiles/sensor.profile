[profile]
title=Sensor of temperature and humidity
title[de]=Fühler für Temperatur und Luftfeuchte

[objects]
sysDescr.0=Wiretalk room sensor
sysObjectID.0=1.3.6.1.4.1.32473.1.6
sysServices.0=72
entPhysicalDescr.1=Room sensor
entPhysicalContainedIn.1=0
entPhysicalClass.1=chassis
entPhysicalParentRelPos.1=-1
entPhysicalName.1=box
entPhysicalDescr.2=Temperature
entPhysicalContainedIn.2=1
entPhysicalClass.2=sensor
entPhysicalParentRelPos.2=1
entPhysicalName.2=temperature
entPhysicalDescr.3=Humidity
entPhysicalContainedIn.3=1
entPhysicalClass.3=sensor
entPhysicalParentRelPos.3=2
entPhysicalName.3=humidity
entPhySensorType.2=celsius
entPhySensorScale.2=units
entPhySensorPrecision.2=1
entPhySensorValue.2={wave 193 246 600}
entPhySensorOperStatus.2=ok
entPhySensorUnitsDisplay.2=degrees Celsius
entPhySensorType.3=percentRH
entPhySensorScale.3=units
entPhySensorPrecision.3=0
entPhySensorValue.3={wave 38 55 900}
entPhySensorOperStatus.3=ok
entPhySensorUnitsDisplay.3=percent relative humidity
