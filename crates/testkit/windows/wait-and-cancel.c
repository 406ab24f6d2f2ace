// An installer's action that takes long: it waits for a file, and then ends as work ends that somebody has cancelled.

#include <windows.h>

__declspec(dllexport) UINT WINAPI WaitAndCancel(ULONG session) {
    (void)session;
    for (int i = 0; i < 600; i++) {
        // 1602 is ERROR_INSTALL_USEREXIT, 1603 ERROR_INSTALL_FAILURE.
        if (GetFileAttributesW(L"C:\\packages\\cancel-now") != INVALID_FILE_ATTRIBUTES) return 1602;
        Sleep(100);
    }
    return 1603;
}
