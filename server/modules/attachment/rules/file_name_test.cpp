#include "modules/attachment/rules/file_name.hpp"

#include <gtest/gtest.h>

namespace shouwen::attachment {
namespace {

TEST(D6_FileName, IsAnyScriptButNoPathAndNothingMisleading)
{
    struct {
        const char* why;
        std::string name;
        const char* code;
    } cases[] = {
        {"plain", "photo.jpg", ""},
        {"Chinese", "现场照片（三号楼）.png", ""},
        {"dots within", "a..b.txt", ""},
        {"right to left script", "صورة.png", ""},
        {"200 characters", std::string(200, 'x'), ""},
        {"201 characters", std::string(201, 'x'), "too_long"},
        {"absent", "", "required"},
        {"only spaces", "　 ", "required"},
        {"path", "../../etc/passwd", "file_name_shape"},
        {"path of another system", "C:\\boot.ini", "file_name_shape"},
        {"the folder above", "..", "file_name_shape"},
        {"turned around", "gpj.\u202Eexe", "file_name_shape"},
        {"isolated", "a\u2066b", "file_name_shape"},
        {"line separator", "a\u2028b", "file_name_shape"},
        {"header injection", "a\r\nSet-Cookie: x", "control_character"},
        {"NUL", std::string("a\0b", 3), "control_character"},
        {"not UTF-8", "a\xFF", "control_character"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.why);
        const auto errors = check_file_name(c.name, "/filename");
        EXPECT_EQ(errors.empty() ? "" : errors[0].code, c.code);
    }
}

TEST(D6_FileName, IsGivenBackInLettersThatEveryBrowserReads)
{
    EXPECT_EQ(content_disposition("photo 1.jpg"),
              "attachment; filename=\"photo 1.jpg\"; filename*=UTF-8''photo%201.jpg");
    EXPECT_EQ(content_disposition("照片.png"),
              "attachment; filename=\"__.png\"; filename*=UTF-8''%E7%85%A7%E7%89%87.png");
    EXPECT_EQ(content_disposition("a\"b%.txt"), "attachment; filename=\"a_b_.txt\"; filename*=UTF-8''a%22b%25.txt");
}

TEST(C6_Attachment, WhatABrowserCouldRunIsServedAsBytes)
{
    for (const auto* type :
         {"text/html", "image/svg+xml", "text/xml", "application/xhtml+xml", "text/javascript", "text/x-shellscript",
          "application/x-pie-executable", "application/x-msi", "application/x-something-new", ""})
        EXPECT_EQ(served_as(type), "application/octet-stream") << type;
    for (const auto* type : {"image/png", "image/jpeg", "application/pdf", "text/plain", "video/mp4"})
        EXPECT_EQ(served_as(type), type);
}

TEST(D6_Attachment, ProgramsAreRefusedAndWhatMayBeEvidenceIsNot)
{
    for (const auto* type :
         {"application/x-dosexec", "application/vnd.microsoft.portable-executable", "application/x-pie-executable",
          "application/x-msi", "application/vnd.android.package-archive"})
        EXPECT_TRUE(is_refused(type)) << type;
    for (const auto* type : {"image/png", "application/pdf", "application/zip", "text/html", "image/svg+xml",
                             "text/x-shellscript", "message/rfc822", "application/octet-stream", ""})
        EXPECT_FALSE(is_refused(type)) << type;
}

}  // namespace
}  // namespace shouwen::attachment
