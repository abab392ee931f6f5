-- Ganymede's side of the edge, on a socket that only it can open:
--   GET  /routes                        <instance> <version> <count> <digest>
--   POST /routes?from=<version>&to=<version>   edits: "<organization> <value>", without a value it goes; 409 unless "from" is
--                                       what is served. Answers <instance> <version>, then what the table says of each
--   PUT  /routes?to=<version>           exactly these; answers as GET
--   POST /certificates                  organizations whose certificate is another one now
local certificates = require "edge_certificates"
local routes = require "edge_routes"

local _M = {}

local LINE = "^(%S+) ?(%S*)$"

local function body()
    ngx.req.read_body()
    return ngx.req.get_body_data() or ""
end

local function edits(text)
    local found = {}
    for line in text:gmatch("[^\n]+") do
        local organization, value = line:match(LINE)
        if organization then
            found[organization] = value
        end
    end
    return found
end

local function refuse(status, text)
    ngx.status = status
    ngx.print(text)
    return ngx.exit(ngx.HTTP_OK)
end

local function post_routes()
    local from, to = ngx.var.arg_from, ngx.var.arg_to
    if routes.stamp():match("%S+$") ~= from then
        return refuse(ngx.HTTP_CONFLICT, routes.summary())
    end
    local changes = edits(body())
    local ok, failure = routes.change(changes, to)
    if not ok then
        return refuse(507, failure)
    end
    local answer = { routes.stamp() }
    for organization in pairs(changes) do
        answer[#answer + 1] = organization .. " " .. routes.get(organization)
    end
    ngx.print(table.concat(answer, "\n"))
end

local function put_routes()
    local ok, failure = routes.replace(edits(body()), ngx.var.arg_to)
    if not ok then
        return refuse(507, failure)
    end
    ngx.print(routes.summary())
end

local function post_certificates()
    for organization in body():gmatch("%S+") do
        certificates.renewed(organization)
    end
end

local handlers = {
    ["GET /routes"] = function() ngx.print(routes.summary()) end,
    ["POST /routes"] = post_routes,
    ["PUT /routes"] = put_routes,
    ["POST /certificates"] = post_certificates,
}

function _M.serve()
    local handler = handlers[ngx.req.get_method() .. " " .. ngx.var.uri]
    if not handler then
        return refuse(ngx.HTTP_NOT_FOUND, "")
    end
    return handler()
end

return _M
