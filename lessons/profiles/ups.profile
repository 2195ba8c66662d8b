[profile]
title=Uninterruptible power supply
title[de]=Unterbrechungsfreie Stromversorgung

[objects]
sysDescr.0=Wiretalk UPS, 1500 VA
sysObjectID.0=1.3.6.1.4.1.32473.1.5
sysServices.0=72
upsIdentManufacturer.0=Wiretalk
upsIdentModel.0=UPS 1500
upsIdentUPSSoftwareVersion.0=1.0
upsIdentAgentSoftwareVersion.0=1.0
upsIdentName.0=UPS of rack 1
upsIdentAttachedDevices.0=server, switch
upsBatteryStatus.0=batteryNormal
upsSecondsOnBattery.0=0
upsEstimatedMinutesRemaining.0=42
upsEstimatedChargeRemaining.0=100
upsBatteryVoltage.0=547
upsBatteryTemperature.0={wave 22 26 1800}
upsInputLineBads.0=2
upsInputNumLines.0=1
upsInputFrequency.1=500
upsInputVoltage.1={wave 227 233 60}
upsOutputSource.0=normal
upsOutputFrequency.0=500
upsOutputNumLines.0=1
upsOutputVoltage.1=230
upsOutputCurrent.1={wave 14 21 120}
upsOutputPower.1={wave 310 480 120}
upsOutputPercentLoad.1={wave 31 48 120}
upsAlarmsPresent.0=0
