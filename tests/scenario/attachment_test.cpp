#include "scenario/served.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shouwen::scenario {
namespace {

namespace json = boost::json;
using http::testing::body_of;
using http::testing::field_of;
using http::testing::Peer;
using http::testing::status_of;
using testing::HasSubstr;
using testing::Not;

/// The smallest picture there is: what a content says about itself.
const std::string png{
    "\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x8\6\0\0\0\x1F\x15\xC4\x89\0\0\0\rIDATx\x9C"
    "c\xF8\xFF\xFF?\0\x05\xFE\x02\xFE\xDC\xCC\x59\xE7\0\0\0\0IEND\xAE\x42\x60\x82",
    70};

/// Every byte there is, more than once: nothing on the way may take one for something else.
std::string all_bytes()
{
    std::string content;
    for (int i = 0; i < 1000; ++i) content += static_cast<char>((i * 7 + i / 256) & 0xff);
    return content;
}

std::string program()
{
    return "MZ" + std::string(58, '\0') + std::string("\x40\0\0\0PE\0\0\x64\x86", 10) + std::string(64, '\0');
}

struct Files {
    Served served;
    Centre::Request own = served.centre.web_request("一号店的柜台", "一号店");

    std::string raw(const std::string& head, const std::string& fields, const std::string& content)
    {
        Peer peer{served.port()};
        peer.send(fmt::format("{} HTTP/1.1\r\nHost: x\r\n{}Content-Type: image/png\r\nContent-Length: {}\r\n\r\n{}",
                              head, fields, content.size(), content));
        return peer.receive();
    }
    std::string cookie(std::string_view who)
    {
        const auto& session = served.centre.session(who);
        return fmt::format("Cookie: {}\r\nX-CSRF-Token: {}\r\n", session.cookie, session.csrf);
    }
    std::string upload(std::string_view who, const std::string& name, const std::string& content)
    {
        return raw("POST /api/v1/tickets/" + own.id + "/attachments?filename=" + name, cookie(who), content);
    }
    std::string upload_as_customer(const std::string& name, const std::string& content)
    {
        return raw("POST /api/v1/public/requests/" + own.number + "/attachments?filename=" + name,
                   "Authorization: Ticket " + own.secret + "\r\n", content);
    }
    std::string get(std::string_view who, const std::string& path) { return served.request(who, "GET " + path); }
};

TEST(D6_Attachment, IsShownOnTheTicketAndComesBackByteByByte)
{
    Files files;
    const auto content = all_bytes();
    const auto made = files.upload("agent1", "%E8%AE%B0%E5%BD%95.bin", content);
    ASSERT_EQ(status_of(made), 201) << made;
    const auto attachment = json::parse(body_of(made));
    EXPECT_EQ(attachment.at("filename"), "记录.bin");
    EXPECT_EQ(attachment.at("size_bytes"), static_cast<std::int64_t>(content.size()));

    const auto listed = files.served.centre.get("supervisor1", "/api/v1/tickets/" + files.own.id + "/attachments");
    ASSERT_EQ(listed.count(), 1U) << listed.text;
    EXPECT_EQ(listed.at("/items/0/created_by/name"), "王芳");
    EXPECT_THAT(files.served.centre.get("agent1", "/api/v1/tickets/" + files.own.id + "/events").text,
                HasSubstr("attachment_added"));

    const auto got = files.get("supervisor1", field_of(made, "Location"));
    EXPECT_EQ(status_of(got), 200);
    EXPECT_EQ(body_of(got), content);
    EXPECT_THAT(field_of(got, "Content-Disposition"), HasSubstr("attachment;"));
}

TEST(D6_Attachment, HasTheTypeOfItsContentAndNotOfItsName)
{
    Files files;
    const auto picture = files.upload("agent1", "notes.txt", png);
    EXPECT_EQ(json::parse(body_of(picture)).at("media_type"), "image/png") << picture;
    EXPECT_EQ(field_of(files.get("agent1", field_of(picture, "Location")), "Content-Type"), "image/png");
    const auto page = files.upload("agent1", "photo.png", "<!DOCTYPE html><html><script>alert(1)</script></html>");
    EXPECT_EQ(json::parse(body_of(page)).at("media_type"), "text/html") << page;
    EXPECT_EQ(field_of(files.get("agent1", field_of(page, "Location")), "Content-Type"), "application/octet-stream");
}

TEST(D6_Attachment, OfARefusedKindOrSizeLeavesNothingBehind)
{
    Files files;
    const auto refused = files.upload("agent1", "photo.png", program());
    EXPECT_EQ(status_of(refused), 415) << refused;
    EXPECT_THAT(refused, HasSubstr("file_type_refused"));
    EXPECT_EQ(status_of(files.upload("agent1", "empty.txt", "")), 422);
    EXPECT_EQ(status_of(files.upload("agent1", "..", png)), 422);

    // Told by the length that is announced, before a byte of it is sent.
    Peer peer{files.served.port()};
    peer.send(
        fmt::format("POST /api/v1/tickets/{}/attachments?filename=big.bin HTTP/1.1\r\nHost: x\r\n{}"
                    "Content-Length: {}\r\n\r\n",
                    files.own.id, files.cookie("agent1"), (25 << 20) + 1));
    const auto too_large = peer.receive();
    EXPECT_EQ(status_of(too_large), 413) << too_large;
    EXPECT_THAT(too_large, HasSubstr("too_large"));
    EXPECT_EQ(files.served.centre.get("agent1", "/api/v1/tickets/" + files.own.id + "/attachments").count(), 0U);
}

TEST(C1_Attachment, IsReadByWhoMayReadTheTicket)
{
    Files files;
    const auto made = files.upload("agent1", "a.png", png);
    ASSERT_EQ(status_of(made), 201) << made;
    EXPECT_EQ(body_of(files.get("merchant1_agent", field_of(made, "Location"))), png);
    for (const auto* stranger : {"merchant2_agent", "tech1"}) {
        SCOPED_TRACE(stranger);
        const auto file = files.get(stranger, field_of(made, "Location"));
        EXPECT_EQ(status_of(file), 404);
        EXPECT_THAT(file, Not(HasSubstr("PNG")));
        EXPECT_EQ(body_of(file), body_of(files.get(stranger, "/api/v1/attachments/" + encode_id(123456789))))
            << "absent and foreign answer alike";
        EXPECT_EQ(status_of(files.get(stranger, "/api/v1/tickets/" + files.own.id + "/attachments")), 404);
        EXPECT_EQ(status_of(files.upload(stranger, "b.png", png)), 404);
    }
    EXPECT_EQ(status_of(files.get("", field_of(made, "Location"))), 401);
}

TEST(D14_Attachment, IsReadButNotAddedByInspectors)
{
    Files files;
    const auto made = files.upload("agent1", "a.png", png);
    ASSERT_EQ(status_of(made), 201) << made;
    EXPECT_EQ(body_of(files.get("inspector1", field_of(made, "Location"))), png);
    const auto refused = files.upload("inspector1", "b.png", png);
    EXPECT_EQ(status_of(refused), 403) << refused;
    EXPECT_THAT(refused, HasSubstr("not_permitted"));
    EXPECT_EQ(status_of(files.upload("auditor1", "b.png", png)), 403);
    EXPECT_EQ(status_of(files.raw("POST /api/v1/tickets/" + files.own.id + "/attachments?filename=b.png", "", png)),
              401);
    EXPECT_EQ(status_of(files.get("auditor1", field_of(made, "Location"))), 404);
}

TEST(D6_Attachment, OfACustomerReachesTheDeskAndAsksForAnAnswer)
{
    Files files;
    auto& centre = files.served.centre;
    ASSERT_EQ(
        centre.command("merchant1_agent", files.own.id, "respond", fields({{"content", "您好，请发小票"}})).status,
        200);
    ASSERT_EQ(status_of(files.upload("merchant1_agent", "inside.png", png)), 201);
    EXPECT_TRUE(centre.obligation(files.own.id, "respond").at("met_at").is_string());

    const auto sent = files.upload_as_customer("receipt.png", png + "x");
    ASSERT_EQ(status_of(sent), 200) << sent;
    const auto view = json::parse(body_of(sent));
    ASSERT_EQ(view.at("files").as_array().size(), 1U) << "the staff's own file is not the customer's";
    EXPECT_EQ(view.at("files").at(0).at("filename"), "receipt.png");
    EXPECT_TRUE(centre.obligation(files.own.id, "respond").at("met_at").is_null()) << "an answer is owed again";

    const auto listed = centre.get("merchant1_agent", "/api/v1/tickets/" + files.own.id + "/attachments");
    ASSERT_EQ(listed.count(), 2U);
    const auto id = listed.at("/items/1/id");
    EXPECT_TRUE(listed.body.at("items").at(1).at("created_by").is_null());
    EXPECT_EQ(body_of(files.get("merchant1_agent", "/api/v1/attachments/" + id)), png + "x");

    const auto from_link = [&](const std::string& file, const std::string& secret) {
        return files.raw("GET /api/v1/public/requests/" + files.own.number + "/attachments/" + file,
                         "Authorization: Ticket " + secret + "\r\n", "");
    };
    EXPECT_EQ(body_of(from_link(id, files.own.secret)), png + "x");
    EXPECT_EQ(status_of(from_link(listed.at("/items/0/id"), files.own.secret)), 404);
    EXPECT_EQ(status_of(from_link(id, centre.web_request().secret)), 401);
}

}  // namespace
}  // namespace shouwen::scenario
