"""A port that leads to another one, and can keep the next who connects waiting."""
import socket
import threading


class Forwarder:
    def __init__(self, port):
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.holding = threading.Event()   # keep the next one
        self.held = threading.Event()      # somebody waits
        self.released = threading.Event()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            hold = self.holding.is_set()
            self.holding.clear()
            threading.Thread(target=self.lead, args=(client, hold), daemon=True).start()

    def lead(self, client, hold):
        if hold:
            self.held.set()
            self.released.wait(60)
        with client, socket.create_connection(("127.0.0.1", self.target)) as server:
            back = threading.Thread(target=self.pump, args=(server, client), daemon=True)
            back.start()
            self.pump(client, server)
            back.join()

    @staticmethod
    def pump(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        self.released.set()
        self.listener.close()
