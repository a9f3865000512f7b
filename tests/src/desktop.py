# What a person does on a desktop, over D-Bus. Prints JSON.
import json
import sys

import dbus
import dbus.lowlevel

bus = dbus.SessionBus()
WATCHER, ITEM, MENU = 'org.kde.StatusNotifierWatcher', 'org.kde.StatusNotifierItem', 'com.canonical.dbusmenu'
SHOW, MOCK = 'org.freedesktop.Notifications', 'org.freedesktop.DBus.Mock'


def items():
    watcher = dbus.Interface(bus.get_object(WATCHER, '/StatusNotifierWatcher'), 'org.freedesktop.DBus.Properties')
    return [str(item) for item in watcher.Get(WATCHER, 'RegisteredStatusNotifierItems')]


def item():
    name, path = items()[0].split('/', 1)
    return bus.get_object(name, '/' + path)


def told(name):
    return item().Get(ITEM, name, dbus_interface=dbus.PROPERTIES_IFACE)


def menu_object():
    return dbus.Interface(bus.get_object(item().bus_name, told('Menu')), MENU)


def entries():
    _, (_, _, children) = menu_object().GetLayout(0, -1, ['label', 'enabled', 'type', 'visible'])
    seen = [(int(id), p) for id, p, _ in children if p.get('visible', True)]
    words = lambda p: str(p.get('label', '---')).replace('__', '_')
    return [(id, words(p), bool(p.get('enabled', True))) for id, p in seen]


def menu():
    return [label if enabled else f'({label})' for _, label, enabled in entries()]


def click(label):
    id = next(id for id, known, _ in entries() if known == label)
    try:
        menu_object().Event(id, 'clicked', dbus.String('', variant_level=1), dbus.UInt32(0))
    except dbus.DBusException as error:
        # Whoever is told to quit may have done so before answering.
        if error.get_dbus_name() != 'org.freedesktop.DBus.Error.NoReply':
            raise


def icon():
    return str(told('IconName'))


def tooltip():
    _, _, title, description = told('ToolTip')
    return {'title': str(title), 'description': str(description), 'name': str(told('Title'))}


def activate():
    item().Activate(0, 0, dbus_interface=ITEM)


def host():
    return str(bus.get_name_owner(WATCHER))


def calls(method):
    mock = dbus.Interface(bus.get_object(SHOW, '/org/freedesktop/Notifications'), MOCK)
    return [list(arguments) for _, name, arguments in mock.GetCalls() if name == method]


def notifications():
    shown = calls('Notify')
    return [{'id': n + 1, 'summary': c[3], 'body': c[4], 'buttons': list(c[5]), 'entry': c[6].get('desktop-entry')}
            for n, c in enumerate(shown)]


def drawn():
    return str(dbus.Interface(bus.get_object(SHOW, '/org/freedesktop/Notifications'), SHOW).GetServerInformation()[0])


def closed():
    return [int(arguments[0]) for arguments in calls('CloseNotification')]


def press(key, *ids):
    mock = dbus.Interface(bus.get_object(SHOW, '/org/freedesktop/Notifications'), MOCK)
    for id in ids:
        mock.EmitSignal(SHOW, 'ActionInvoked', 'us', [dbus.UInt32(int(id)), key])


def forge(id, key):
    # To everybody who listens, and to each by name, which nothing on the bus filters.
    names = [name for name in bus.list_names() if name.startswith(':')]
    for name in [None, *names]:
        signal = dbus.lowlevel.SignalMessage('/org/freedesktop/Notifications', SHOW, 'ActionInvoked')
        if name:
            signal.set_destination(name)
        signal.append(dbus.UInt32(int(id)), key)
        bus.send_message(signal)
    bus.get_object('org.freedesktop.DBus', '/').GetId()


print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])))
