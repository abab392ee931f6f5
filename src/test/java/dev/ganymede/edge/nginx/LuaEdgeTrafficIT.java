package dev.ganymede.edge.nginx;

/** Visitors and gateways see no difference. */
class LuaEdgeTrafficIT extends EdgeTrafficIT {

    @Override
    EdgeMode mode() {
        return EdgeMode.LUA;
    }
}
