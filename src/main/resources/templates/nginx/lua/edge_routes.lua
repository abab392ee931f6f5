-- Organization -> gateway in memory that all workers share. A value is what the organization's file says between its
-- name and the semicolon: gw_<host>_<port>@<generation>. The files are the truth: nginx reads them whenever it reads its
-- configuration, and Ganymede tells each change after it has written it (edge_control).
local balancer = require "ngx.balancer"
local lrucache = require "resty.lrucache"
local files = require "edge_files"

local routes = ngx.shared.edge_routes
local state = ngx.shared.edge_state

local _M = {}

local UUID = ("%x"):rep(8) .. ("%-" .. ("%x"):rep(4)):rep(3) .. "%-" .. ("%x"):rep(12)
local UUID_FILE = "^(" .. UUID .. ")%.map$"

-- what values mean, so that a request takes none apart; each worker has its own
local gateways = lrucache.new(4096)

local function parsed(value)
    local gateway = gateways:get(value)
    if gateway then
        return gateway
    end
    local host, port, generation = value:match("^gw_([%w.%-_]+)_(%d+)@(%d+)$")
    if not host then
        return nil
    end
    if host:find("_", 1, true) then
        host = "[" .. host:gsub("_", ":") .. "]"
    end
    gateway = { host = host, port = tonumber(port), generation = generation }
    gateways:set(value, gateway)
    return gateway
end

-- The version goes first and comes last: whoever finds it empty knows that a change did not end.
function _M.change(edits, version)
    state:set("version", "")
    for organization, value in pairs(edits) do
        if value == "" then
            routes:delete(organization)
        else
            -- a full table refuses; it must not forget somebody else's route
            local ok, failure = routes:safe_set(organization, value)
            if not ok then
                return nil, failure
            end
        end
    end
    state:set("version", version)
    return true
end

-- Exactly these; those that stay are served throughout.
function _M.replace(wanted, version)
    local edits = {}
    for _, organization in ipairs(routes:get_keys(0)) do
        if not wanted[organization] then
            edits[organization] = ""
        end
    end
    for organization, value in pairs(wanted) do
        edits[organization] = value
    end
    return _M.change(edits, version)
end

function _M.get(organization)
    return routes:get(organization) or ""
end

-- <instance> <version> <count> <digest>. The instance is new when nginx was started anew, not when it was reloaded. The
-- digest does not depend on the order, which a table does not have.
function _M.summary()
    local count, sum = 0, 0
    for _, organization in ipairs(routes:get_keys(0)) do
        local value = routes:get(organization)
        if value then
            count = count + 1
            sum = (sum + ngx.crc32_long(organization .. " " .. value)) % 4294967296
        end
    end
    return string.format("%s %d %.0f", _M.stamp(), count, sum)
end

function _M.stamp()
    local version = state:get("version")
    return state:get("instance") .. " " .. (version and version ~= "" and version or "-")
end

-- In the master, at each start and reload, while older workers may be serving from the same memory.
function _M.load(directory)
    -- before the files: a change in between then leaves a version that is not the one on the disk, and is told again
    local version = (files.read(directory .. "/routes.version") or ""):match("^%S+") or ""
    local found = {}
    for _, name in ipairs(files.names(directory .. "/routes")) do
        local organization = name:match(UUID_FILE)
        local text = organization and files.read(directory .. "/routes/" .. name)
        local owner, value = (text or ""):match("^(%S+) (%S+);%s*$")
        if organization and name == name:lower() and owner == organization and parsed(value) then
            found[organization] = value
        elseif organization then
            ngx.log(ngx.ERR, "no route: ", name)
        end
    end
    state:safe_add("instance", string.format("%.0f-%d", ngx.now() * 1000, ngx.worker.pid()))
    local ok, failure = _M.replace(found, version)
    if not ok then
        error("routes do not fit into ganymede.edge.route-table-mib: " .. failure)
    end
end

-- A request of an organization: which gateway, or the page that says that there is none.
function _M.route()
    local value = routes:get(ngx.var.edge_organization)
    local gateway = value and parsed(value)
    if not gateway then
        return ngx.exit(ngx.HTTP_SERVICE_UNAVAILABLE)
    end
    ngx.ctx.gateway = gateway
    ngx.var.edge_generation = gateway.generation
end

function _M.balance()
    local gateway = ngx.ctx.gateway
    local ok, failure = balancer.set_current_peer(gateway.host, gateway.port)
    if not ok then
        ngx.log(ngx.ERR, "no gateway at ", gateway.host, ": ", failure)
        return ngx.exit(ngx.HTTP_BAD_GATEWAY)
    end
end

return _M
