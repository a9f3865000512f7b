# The operating system as it sleeps and locks the screen, and those who only say so. Prints JSON.
import json
import sys

import dbus
import dbus.lowlevel

MOCK, LOGIND, ROOT = 'org.freedesktop.DBus.Mock', 'org.freedesktop.login1', '/org/freedesktop/login1'
MANAGER, SESSION = LOGIND + '.Manager', LOGIND + '.Session'
OWN = ROOT + '/session/auto'


def mock(bus, name, path):
    return dbus.Interface(bus.get_object(name, path), MOCK)


def add_session():
    mock(dbus.SystemBus(), LOGIND, ROOT).AddSession('auto', 'seat0', dbus.UInt32(0), 'ada', True)


def sleep(start):
    mock(dbus.SystemBus(), LOGIND, ROOT).EmitSignal(MANAGER, 'PrepareForSleep', 'b', [start == 'true'])


def delays():
    manager = dbus.Interface(dbus.SystemBus().get_object(LOGIND, ROOT), MANAGER)
    return [[str(word) for word in one[:4]] for one in manager.ListInhibitors()]


def session(method):
    getattr(dbus.Interface(dbus.SystemBus().get_object(LOGIND, OWN), SESSION), method)()


def session_new():
    other = ['c9', dbus.ObjectPath(ROOT + '/session/c9')]
    mock(dbus.SystemBus(), LOGIND, ROOT).EmitSignal(MANAGER, 'SessionNew', 'so', other)


def hint(locked):
    dbus.Interface(dbus.SystemBus().get_object(LOGIND, OWN), SESSION).SetLockedHint(locked == 'true')


def path_of(name):
    return '/' + name.replace('.', '/')


def prepare(name, active):
    answer = 'ret = True' if active == 'true' else 'ret = False'
    mock(dbus.SessionBus(), name, path_of(name)).AddMethod(name, 'GetActive', '', 'b', answer)


def active(name, on):
    prepare(name, on)
    mock(dbus.SessionBus(), name, path_of(name)).EmitSignal(name, 'ActiveChanged', 'b', [on == 'true'])


def send(bus, message):
    bus.send_message(message)
    bus.get_object('org.freedesktop.DBus', '/').GetId()


def forge(system, name, path, interface, member, on):
    """Says so to everybody, then to each connection by name, then once more after claiming to own the name."""
    bus = dbus.SystemBus() if system == 'true' else dbus.SessionBus()
    others = [one for one in bus.list_names() if one.startswith(':') and one != bus.get_unique_name()]

    def signal(destination=None):
        message = dbus.lowlevel.SignalMessage(path, interface, member)
        if on:
            message.append(on == 'true')
        if destination:
            message.set_destination(destination)
        send(bus, message)

    signal()
    for other in others:
        signal(other)
    for other in others:
        claim = dbus.lowlevel.SignalMessage('/org/freedesktop/DBus', 'org.freedesktop.DBus', 'NameOwnerChanged')
        claim.append(name, '', bus.get_unique_name())
        claim.set_destination(other)
        send(bus, claim)
        signal(other)


print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])))
