-- The certificate for names below an organization, chosen in the handshake. Each worker keeps those it used last, parsed;
-- a file is read again when Ganymede says that it is another one, and after a while in any case.
local lrucache = require "resty.lrucache"
local ssl = require "ngx.ssl"

local renewals = ngx.shared.edge_certificates

local _M = {}

local MAX_BYTES = 256 * 1024
local READ_AGAIN_SECONDS = 600

local directory, cache

function _M.configure(path, size)
    directory = path
    cache = lrucache.new(size)
end

-- An entry that the shared memory forgot for want of room counts as renewed: it is only read again.
function _M.renewed(organization)
    renewals:incr(organization, 1, 0)
end

local function load(organization)
    local file, missing = io.open(directory .. "/org-" .. organization .. ".pem", "rb")
    if not file then
        return nil, missing
    end
    local pem = file:read(MAX_BYTES) or ""
    file:close()
    local chain, no_chain = ssl.parse_pem_cert(pem)
    if not chain then
        return nil, no_chain
    end
    local key, no_key = ssl.parse_pem_priv_key(pem)
    if not key then
        return nil, no_key
    end
    return { chain = chain, key = key }
end

local function certificate(organization)
    local renewal = renewals:get(organization)
    local known = cache:get(organization)
    if known and known.renewal == renewal then
        return known
    end
    local loaded, failure = load(organization)
    if loaded then
        loaded.renewal = renewal
        cache:set(organization, loaded, READ_AGAIN_SECONDS)
    end
    return loaded, failure
end

function _M.choose()
    local name = ssl.server_name()
    local organization = name and name:lower():match("%.org%-([%x-]+)%.")
    if not organization then
        return ngx.exit(ngx.ERROR)
    end
    local found, failure = certificate(organization)
    if not found then
        ngx.log(ngx.ERR, "no certificate for names below organization ", organization, ": ", failure)
        return ngx.exit(ngx.ERROR)
    end
    ssl.clear_certs()
    if not ssl.set_cert(found.chain) or not ssl.set_priv_key(found.key) then
        return ngx.exit(ngx.ERROR)
    end
end

return _M
