# What a person does on a desktop, over D-Bus. Prints JSON.
import json
import sys

import dbus
import dbus.lowlevel

bus = dbus.SessionBus()
WATCHER, MENU = 'org.kde.StatusNotifierWatcher', 'com.canonical.dbusmenu'
SHOW, MOCK = 'org.freedesktop.Notifications', 'org.freedesktop.DBus.Mock'


def items():
    watcher = dbus.Interface(bus.get_object(WATCHER, '/StatusNotifierWatcher'), 'org.freedesktop.DBus.Properties')
    return [str(item) for item in watcher.Get(WATCHER, 'RegisteredStatusNotifierItems')]


def item(interface):
    name, path = items()[0].split('/', 1)
    suffix = '/Menu' if interface == MENU else ''
    return dbus.Interface(bus.get_object(name, '/' + path + suffix), interface)


def entries():
    _, (_, _, children) = item(MENU).GetLayout(0, -1, ['label', 'enabled', 'type'])
    return [(int(id), str(p.get('label', '---')), bool(p.get('enabled', True))) for id, p, _ in children]


def menu():
    return [label if enabled else f'({label})' for _, label, enabled in entries()]


def click(label):
    id = next(id for id, known, _ in entries() if known == label)
    try:
        item(MENU).Event(id, 'clicked', dbus.String('', variant_level=1), dbus.UInt32(0))
    except dbus.DBusException as error:
        # Whoever is told to quit may have done so before answering.
        if error.get_dbus_name() != 'org.freedesktop.DBus.Error.NoReply':
            raise


def icon():
    return str(item('org.freedesktop.DBus.Properties').Get('org.kde.StatusNotifierItem', 'IconName'))


def calls(method):
    mock = dbus.Interface(bus.get_object(SHOW, '/org/freedesktop/Notifications'), MOCK)
    return [list(arguments) for _, name, arguments in mock.GetCalls() if name == method]


def notifications():
    shown = calls('Notify')
    return [{'id': n + 1, 'summary': c[3], 'body': c[4], 'buttons': list(c[5])} for n, c in enumerate(shown)]


def drawn():
    return str(dbus.Interface(bus.get_object(SHOW, '/org/freedesktop/Notifications'), SHOW).GetServerInformation()[0])


def closed():
    return [int(arguments[0]) for arguments in calls('CloseNotification')]


def press(id, key):
    mock = dbus.Interface(bus.get_object(SHOW, '/org/freedesktop/Notifications'), MOCK)
    mock.EmitSignal(SHOW, 'ActionInvoked', 'us', [dbus.UInt32(int(id)), key])


def forge(id, key):
    signal = dbus.lowlevel.SignalMessage('/org/freedesktop/Notifications', SHOW, 'ActionInvoked')
    signal.append(dbus.UInt32(int(id)), key)
    bus.send_message(signal)
    bus.get_object('org.freedesktop.DBus', '/').GetId()


print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])))
