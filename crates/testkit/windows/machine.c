// machine.exe: what a test asks of the Windows inside a Wine prefix, answered as UTF-8 lines on standard output.
//
//   hold                    prints "ready", then waits for the end of standard input: Wine stops services with the last
//                           ordinary process, so one has to stay
//   run                     reads a command line from standard input, runs it, prints "exit N" with all 32 bits of the code
//   service KEY             configuration and state of a service, one "name<TAB>value" per line; exit 2 where there is none
//   configure KEY START ACCOUNT   changes how a service starts (a number as in QUERY_SERVICE_CONFIG) and as whom
//   wait KEY STATE MS       waits until the service is in that state (a number as in SERVICE_STATUS); exit 2 when it is not
//   registry ROOT\KEY       every value below a key: "K<TAB>key", "V<TAB>name<TAB>type<TAB>value"
//   security PATH           owner and DACL of a file or folder as SDDL
//   random                  16 bytes from bcryptprimitives.dll's ProcessPrng, as Rust's standard library asks for them
//   windows                 what is open on the desktop: "W<TAB>X window<TAB>left top width height<TAB>title" for each visible window,
//                           after it "C<TAB>class<TAB>left top width height<TAB>state<TAB>text" for each of its visible controls, state
//                           being some of e(nabled), f(ocused), c(hecked), p(assword) or "-"
//   lock PATH               opens a file without sharing, prints "ready", holds it until the end of standard input

#define _WIN32_WINNT 0x0601
#include <windows.h>
#include <aclapi.h>
#include <sddl.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

static void put(const wchar_t *text) {
    // Tabs, line ends and backslashes are escaped: a line stays a line whatever a value holds.
    for (; *text; text++) {
        if (*text == '\t') fputs("\\t", stdout);
        else if (*text == '\n') fputs("\\n", stdout);
        else if (*text == '\r') fputs("\\r", stdout);
        else if (*text == '\\') fputs("\\\\", stdout);
        else {
            char utf8[8];
            int units = IS_HIGH_SURROGATE(text[0]) && IS_LOW_SURROGATE(text[1]) ? 2 : 1;
            int n = WideCharToMultiByte(CP_UTF8, 0, text, units, utf8, sizeof utf8, NULL, NULL);
            fwrite(utf8, 1, n > 0 ? n : 0, stdout);
            text += units - 1;
        }
    }
}

static int fail(const char *what, DWORD error) {
    fprintf(stderr, "%s: error %lu\n", what, error);
    return error == ERROR_SERVICE_DOES_NOT_EXIST || error == ERROR_FILE_NOT_FOUND ? 2 : 1;
}

static void wait_for_end_of_input(void) {
    char sink[256];
    printf("ready\n");
    fflush(stdout);
    while (fread(sink, 1, sizeof sink, stdin) > 0) {}
}

static int run(void) {
    static char utf8[65536];
    static wchar_t line[65536];
    size_t n = fread(utf8, 1, sizeof utf8 - 1, stdin);
    STARTUPINFOW startup = { .cb = sizeof startup };
    PROCESS_INFORMATION process;
    DWORD code = 0;
    MultiByteToWideChar(CP_UTF8, 0, utf8, (int)n, line, 65535);
    if (!CreateProcessW(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process)) return fail("CreateProcess", GetLastError());
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &code);
    printf("exit %lu\n", code);
    return 0;
}

static void line(const char *name, const wchar_t *value) {
    printf("%s\t", name);
    put(value ? value : L"");
    printf("\n");
}

static int service(const wchar_t *key) {
    static BYTE buffer[16384];
    DWORD needed;
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    SC_HANDLE handle = OpenServiceW(manager, key, SERVICE_QUERY_CONFIG | SERVICE_QUERY_STATUS);
    QUERY_SERVICE_CONFIGW *config = (QUERY_SERVICE_CONFIGW *)buffer;
    SERVICE_STATUS_PROCESS status;
    if (!handle) return fail("OpenService", GetLastError());
    if (!QueryServiceConfigW(handle, config, sizeof buffer, &needed)) return fail("QueryServiceConfig", GetLastError());
    line("binary", config->lpBinaryPathName);
    line("account", config->lpServiceStartName);
    line("display", config->lpDisplayName);
    printf("start\t%lu\ntype\t%lu\nerror_control\t%lu\n", config->dwStartType, config->dwServiceType, config->dwErrorControl);
    if (!QueryServiceStatusEx(handle, SC_STATUS_PROCESS_INFO, (BYTE *)&status, sizeof status, &needed))
        return fail("QueryServiceStatusEx", GetLastError());
    printf("state\t%lu\npid\t%lu\nwin32_exit\t%lu\nservice_exit\t%lu\n", status.dwCurrentState, status.dwProcessId,
           status.dwWin32ExitCode, status.dwServiceSpecificExitCode);
    if (QueryServiceConfig2W(handle, SERVICE_CONFIG_DESCRIPTION, buffer, sizeof buffer, &needed))
        line("description", ((SERVICE_DESCRIPTIONW *)buffer)->lpDescription);
    return 0;
}

static int configure(const wchar_t *key, DWORD start, const wchar_t *account) {
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    SC_HANDLE handle = OpenServiceW(manager, key, SERVICE_CHANGE_CONFIG);
    if (!handle) return fail("OpenService", GetLastError());
    if (!ChangeServiceConfigW(handle, SERVICE_NO_CHANGE, start, SERVICE_NO_CHANGE, NULL, NULL, NULL, NULL, account, NULL, NULL))
        return fail("ChangeServiceConfig", GetLastError());
    return 0;
}

static int wait_for_state(const wchar_t *key, DWORD wanted, DWORD milliseconds) {
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    SC_HANDLE handle = OpenServiceW(manager, key, SERVICE_QUERY_STATUS);
    SERVICE_STATUS status = { 0 };
    ULONGLONG end = GetTickCount64() + milliseconds;
    if (!handle) return fail("OpenService", GetLastError());
    for (;;) {
        if (!QueryServiceStatus(handle, &status)) return fail("QueryServiceStatus", GetLastError());
        if (status.dwCurrentState == wanted) return 0;
        if (GetTickCount64() >= end) break;
        Sleep(20);
    }
    fprintf(stderr, "state %lu, win32 exit %lu, service exit %lu\n", status.dwCurrentState, status.dwWin32ExitCode,
            status.dwServiceSpecificExitCode);
    return 2;
}

static void value(const wchar_t *name, DWORD type, const BYTE *data, DWORD size) {
    printf("V\t");
    put(name);
    if (type == REG_DWORD && size == 4) {
        printf("\tdword\t%lu\n", *(const DWORD *)data);
    } else if (type == REG_SZ || type == REG_EXPAND_SZ) {
        // The terminator may be missing; the buffer is zeroed past the data.
        printf(type == REG_SZ ? "\tsz\t" : "\texpand\t");
        put((const wchar_t *)data);
        printf("\n");
    } else {
        printf("\t%lu\t", type);
        for (DWORD i = 0; i < size; i++) printf("%02x", data[i]);
        printf("\n");
    }
}

static void dump(HKEY key, wchar_t *path) {
    static BYTE data[262144];
    size_t end = wcslen(path);
    printf("K\t");
    put(path);
    printf("\n");
    for (DWORD i = 0;; i++) {
        wchar_t name[16384];
        DWORD length = 16384, type, size = sizeof data - 2;
        LSTATUS status = RegEnumValueW(key, i, name, &length, NULL, &type, data, &size);
        if (status == ERROR_MORE_DATA) continue;
        if (status) break; // no more; or a performance key, which Wine opens and cannot read
        data[size] = data[size + 1] = 0;
        value(name, type, data, size);
    }
    for (DWORD i = 0;; i++) {
        wchar_t name[256];
        DWORD length = 256;
        HKEY child;
        if (RegEnumKeyExW(key, i, name, &length, NULL, NULL, NULL, NULL)) break;
        if (end + length + 2 > 8192) continue;
        path[end] = '\\';
        wcscpy(path + end + 1, name);
        if (RegOpenKeyExW(key, name, REG_OPTION_OPEN_LINK, KEY_READ | KEY_WOW64_64KEY, &child) == 0) {
            dump(child, path);
            RegCloseKey(child);
        }
        path[end] = 0;
    }
}

static int registry(const wchar_t *full) {
    static wchar_t path[8192];
    const wchar_t *below = wcschr(full, '\\');
    HKEY root = wcsncmp(full, L"HKCU", 4) == 0 ? HKEY_CURRENT_USER : HKEY_LOCAL_MACHINE, key;
    LSTATUS status = RegOpenKeyExW(root, below ? below + 1 : L"", 0, KEY_READ | KEY_WOW64_64KEY, &key);
    if (status) return fail("RegOpenKeyEx", status);
    wcsncpy(path, full, 4096);
    dump(key, path);
    return 0;
}

static int security(wchar_t *path) {
    PSECURITY_DESCRIPTOR descriptor;
    LPWSTR text;
    SECURITY_INFORMATION which = OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION;
    DWORD status = GetNamedSecurityInfoW(path, SE_FILE_OBJECT, which, NULL, NULL, NULL, NULL, &descriptor);
    if (status) return fail("GetNamedSecurityInfo", status);
    if (!ConvertSecurityDescriptorToStringSecurityDescriptorW(descriptor, SDDL_REVISION_1, which, &text, NULL))
        return fail("ConvertSecurityDescriptor", GetLastError());
    put(text);
    printf("\n");
    return 0;
}

static void place(HWND window) {
    RECT rect;
    GetWindowRect(window, &rect);
    printf("%ld %ld %ld %ld\t", rect.left, rect.top, rect.right - rect.left, rect.bottom - rect.top);
}

static void window_text(HWND window) {
    // A window that does not answer is one that is just going away.
    static wchar_t text[32768];
    DWORD_PTR length = 0;
    text[0] = 0;
    SendMessageTimeoutW(window, WM_GETTEXT, 32768, (LPARAM)text, SMTO_ABORTIFHUNG, 2000, &length);
    put(text);
    printf("\n");
}

static BOOL CALLBACK show_control(HWND control, LPARAM focused) {
    wchar_t class[64] = L"";
    LONG style = GetWindowLongW(control, GWL_STYLE);
    if (!IsWindowVisible(control)) return TRUE;
    GetClassNameW(control, class, 64);
    printf("C\t");
    put(class);
    printf("\t");
    place(control);
    printf("-%s%s", style & WS_DISABLED ? "" : "e", (HWND)focused == control ? "f" : "");
    if (lstrcmpiW(class, L"button") == 0) {
        DWORD_PTR checked = 0;
        SendMessageTimeoutW(control, BM_GETCHECK, 0, 0, SMTO_ABORTIFHUNG, 2000, &checked);
        if (checked == BST_CHECKED) printf("c");
    }
    if (lstrcmpiW(class, L"edit") == 0 && style & ES_PASSWORD) printf("p");
    printf("\t");
    window_text(control);
    return TRUE;
}

static BOOL CALLBACK show_window(HWND window, LPARAM unused) {
    GUITHREADINFO thread = { .cbSize = sizeof thread };
    if (!IsWindowVisible(window)) return TRUE;
    printf("W\t%lu\t", (unsigned long)(ULONG_PTR)GetPropW(window, L"__wine_x11_whole_window"));
    place(window);
    window_text(window);
    GetGUIThreadInfo(GetWindowThreadProcessId(window, NULL), &thread);
    EnumChildWindows(window, show_control, (LPARAM)thread.hwndFocus);
    return TRUE;
}

static int lock(const wchar_t *path) {
    HANDLE file = CreateFileW(path, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return fail("CreateFile", GetLastError());
    wait_for_end_of_input();
    return 0;
}

static int random_bytes(void) {
    unsigned char bytes[16] = { 0 };
    HMODULE library = LoadLibraryW(L"bcryptprimitives.dll");
    BOOL (WINAPI *prng)(PBYTE, SIZE_T) = library ? (void *)GetProcAddress(library, "ProcessPrng") : NULL;
    if (!prng) return fail("ProcessPrng", GetLastError());
    if (!prng(bytes, sizeof bytes)) return fail("ProcessPrng", ERROR_GEN_FAILURE);
    for (size_t i = 0; i < sizeof bytes; i++) printf("%02x", bytes[i]);
    printf("\n");
    return 0;
}

int wmain(int argc, wchar_t **argv) {
    const wchar_t *command = argc > 1 ? argv[1] : L"";
    if (wcscmp(command, L"hold") == 0) return wait_for_end_of_input(), 0;
    if (wcscmp(command, L"run") == 0) return run();
    if (wcscmp(command, L"service") == 0 && argc == 3) return service(argv[2]);
    if (wcscmp(command, L"configure") == 0 && argc == 5) return configure(argv[2], _wtoi(argv[3]), argv[4]);
    if (wcscmp(command, L"wait") == 0 && argc == 5) return wait_for_state(argv[2], _wtoi(argv[3]), _wtoi(argv[4]));
    if (wcscmp(command, L"registry") == 0 && argc == 3) return registry(argv[2]);
    if (wcscmp(command, L"security") == 0 && argc == 3) return security(argv[2]);
    if (wcscmp(command, L"random") == 0) return random_bytes();
    if (wcscmp(command, L"windows") == 0) return EnumWindows(show_window, 0) ? 0 : fail("EnumWindows", GetLastError());
    if (wcscmp(command, L"lock") == 0 && argc == 3) return lock(argv[2]);
    fprintf(stderr, "machine.exe: unknown request\n");
    return 1;
}
