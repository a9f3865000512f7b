"""Passes on what comes to these ports of one address to the same ports of another: ADDRESS TARGET PORT…"""

import socket
import sys
import threading

ADDRESS, TARGET, PORTS = sys.argv[1], sys.argv[2], [int(port) for port in sys.argv[3:]]


def beside(work, *given):
    threading.Thread(target=work, args=given, daemon=True).start()


def pass_on(one, other):
    try:
        while data := one.recv(65536):
            other.sendall(data)
        other.shutdown(socket.SHUT_WR)
    except OSError:
        one.close()
        other.close()


def lead(near, port):
    try:
        far = socket.create_connection((TARGET, port))
    except OSError:
        near.close()
        return
    for end in near, far:
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    beside(pass_on, near, far)
    pass_on(far, near)


def listen(server, port):
    while True:
        near, _ = server.accept()
        beside(lead, near, port)


for port in PORTS:
    beside(listen, socket.create_server((ADDRESS, port)), port)
print("ready", flush=True)
threading.Event().wait()
