package dev.ganymede.world;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/** Lets a test see every call to the outside at the moment when it is made. */
final class Watch {

    private volatile Consumer<String> watcher = call -> {};

    void with(Consumer<String> watcher) {
        this.watcher = watcher;
    }

    void saw(String call) {
        watcher.accept(call);
    }

    /** The same port, every call of it seen first. */
    <T> T over(Class<T> port, T target) {
        return port.cast(
                Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, (self, method, arguments) -> {
                    saw(port.getSimpleName() + "." + method.getName());
                    try {
                        return method.invoke(target, arguments);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                }));
    }
}
