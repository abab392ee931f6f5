-- Names in a directory: plain Lua cannot list one, and a process for it is out of place in nginx's master.
local ffi = require "ffi"

ffi.cdef [[
typedef struct edge_directory edge_directory;
struct edge_entry {
    uint64_t inode;
    int64_t offset;
    uint16_t length;
    uint8_t type;
    char name[256];
};
edge_directory *opendir(const char *name);
struct edge_entry *readdir(edge_directory *directory);
int closedir(edge_directory *directory);
]]

local _M = {}

local MAX_BYTES = 16 * 1024

-- Nothing when it cannot be read; what is longer than any file of ours is cut.
function _M.read(path)
    local file = io.open(path, "rb")
    local text = file and file:read(MAX_BYTES)
    if file then
        file:close()
    end
    return text
end

-- Empty for a directory that is not there yet.
function _M.names(path)
    local names = {}
    local directory = ffi.C.opendir(path)
    if directory == nil then
        return names
    end
    local entry = ffi.C.readdir(directory)
    while entry ~= nil do
        names[#names + 1] = ffi.string(entry.name)
        entry = ffi.C.readdir(directory)
    end
    ffi.C.closedir(directory)
    return names
end

return _M
