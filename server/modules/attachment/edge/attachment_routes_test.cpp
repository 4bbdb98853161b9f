#include "modules/attachment/edge/attachment_routes.hpp"

#include "api/contract_for_tests.hpp"
#include "api/route_fixture.hpp"
#include "base/hash.hpp"
#include "modules/attachment/store/attachments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace shouwen::attachment {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
namespace sample = organisation::sample;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string png{"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x8\6\0\0\0\x1F\x15\xC4\x89", 33};

class Attachments : public ::testing::Test, protected api::RouteFixture {
protected:
    Attachments()
    {
        add_attachment_routes(
            routes, {.store = *store,
                     .ids = ids,
                     .blobs = blobs,
                     .organisation = [this] { return organisation; },
                     .may_see = [](const api::Actor& actor, TicketId, sql::Connection&) { return !actor.merchant; },
                     .add_to_ticket = [this](sql::Connection&, const api::Actor&, TicketId,
                                             ticket::AddAttachment command, Instant) -> api::Written {
                         if (closed) return {api::Problem{.code = "ticket_closed"}};
                         added.push_back(std::move(command));
                         return {api::ok("{}"), {[this] { ++pushed; }}};
                     },
                     .ticket_of_customer =
                         [this](sql::Connection&, const http::Request& request) {
                             return request.header("authorization") == "Ticket right" ? std::optional{ticket}
                                                                                      : std::nullopt;
                         },
                     .add_for_customer = [this](sql::Connection&, TicketId, ticket::AddAttachment command,
                                                Instant) -> api::Written {
                         if (closed) return {api::Problem{.code = "ticket_closed"}};
                         added.push_back(std::move(command));
                         return {api::ok(R"({"number":"n"})")};
                     },
                     .clock = clock,
                     .customer_files_max = 2});
        const sql::Statement insert{
            "given_ticket",
            "INSERT INTO ticket (id, number, version, step, channel, customer_id, created_at, next_due_at, last_seq, last_hash, state) "
            "VALUES ($1, 'n', 1, 'intake', 'web', 1, 0, 0, 1, x'00', '{}')"};
        store->write([&](sql::Connection& db) { db.execute(insert, ticket); });
    }

    http::Response upload(const std::string& name, const std::string& content, StaffId who = sample::agent1,
                          http::Fields headers = {})
    {
        const auto file = store.folder() / ("upload-" + std::to_string(++upload_count));
        std::ofstream{file, std::ios::binary} << content;
        const auto answer = ask(who, {.method = http::Method::post,
                                      .path = "/api/v1/tickets/" + ticket.text() + "/attachments",
                                      .headers = std::move(headers),
                                      .query = {{"filename", name}},
                                      .upload = http::Upload{file, content.size(), hash_of(content).hex()}});
        fs::remove(file);  // as the transport does with what nobody moved away
        return answer;
    }
    http::Response upload_as_customer(const std::string& name, const std::string& content,
                                      const std::string& secret = "right")
    {
        const auto file = store.folder() / ("upload-" + std::to_string(++upload_count));
        std::ofstream{file, std::ios::binary} << content;
        const auto answer = ask({}, {.method = http::Method::post,
                                     .path = "/api/v1/public/requests/20260105-000001/attachments",
                                     .headers = {{"authorization", "Ticket " + secret}},
                                     .query = {{"filename", name}},
                                     .upload = http::Upload{file, content.size(), hash_of(content).hex()}});
        fs::remove(file);
        return answer;
    }
    http::Response download_as_customer(AttachmentId id, const std::string& secret = "right")
    {
        return ask({}, {.method = http::Method::get,
                        .path = "/api/v1/public/requests/20260105-000001/attachments/" + id.text(),
                        .headers = {{"authorization", "Ticket " + secret}}});
    }
    http::Response download(const http::Response& made, StaffId who = sample::agent1)
    {
        return get(who, "/api/v1/attachments/" + std::string{json::parse(made.body).at("id").as_string()});
    }
    static std::string header(const http::Response& response, std::string_view name)
    {
        for (const auto& [key, value] : response.headers)
            if (key == name) return value;
        return {};
    }
    static std::string content_of(const http::Response& response)
    {
        std::ifstream in{response.file.value(), std::ios::binary};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
    json::value listed(StaffId who = sample::agent1)
    {
        return json::parse(get(who, "/api/v1/tickets/" + ticket.text() + "/attachments").body).at("items");
    }
    std::vector<BlobFault> faults()
    {
        std::vector<BlobFault> found;
        store->read([&](sql::Connection& db) { found = check_blobs(db, blobs.folder()); });
        return found;
    }

    const TicketId ticket{77};
    Blobs blobs{store.folder() / "blobs"};
    std::vector<ticket::AddAttachment> added;
    bool closed = false;
    int pushed = 0;
    int upload_count = 0;
};

TEST_F(Attachments, D6_AFileIsKeptWithTheTypeOfItsContentAndTheTicketToldOfIt)
{
    const auto made = upload("现场照片.html", png);
    ASSERT_EQ(made.status, 201) << made.body;
    const auto body = json::parse(made.body);
    EXPECT_EQ(body.at("filename").as_string(), "现场照片.html");
    EXPECT_EQ(body.at("media_type").as_string(), "image/png") << "the name does not decide";
    EXPECT_EQ(body.at("size_bytes").as_int64(), static_cast<std::int64_t>(png.size()));
    EXPECT_EQ(body.at("created_by").at("name").as_string(), "agent1");
    ASSERT_EQ(added.size(), 1u);
    EXPECT_EQ(added[0].attachment.text(), body.at("id").as_string());
    EXPECT_EQ(pushed, 1);
    EXPECT_EQ(listed().as_array().size(), 1u);
    EXPECT_TRUE(fs::exists(blobs.path_of(hash_of(png).hex())));
}

TEST_F(Attachments, D6_IsDownloadedUnchangedAndOnlyAsADownload)
{
    const auto got = download(upload("现场照片.png", png));
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(content_of(got), png);
    EXPECT_EQ(got.content_type, "image/png");
    EXPECT_THAT(header(got, "Content-Disposition"),
                HasSubstr("attachment; filename=\"____.png\"; filename*=UTF-8''%E7"));
    EXPECT_EQ(header(got, "Content-Security-Policy"), "sandbox");
}

TEST_F(Attachments, C6_WhatABrowserCouldRunIsKeptButServedAsBytes)
{
    for (const std::string content :
         {"<!DOCTYPE html><html><script>alert(1)</script></html>",
          "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>",
          "#!/bin/sh\nrm -rf /\n"}) {
        SCOPED_TRACE(content);
        const auto made = upload("photo.png", content);
        ASSERT_EQ(made.status, 201);
        EXPECT_NE(json::parse(made.body).at("media_type").as_string(), "image/png");
        EXPECT_EQ(download(made).content_type, "application/octet-stream");
    }
}

TEST_F(Attachments, TheSameContentIsKeptOnce)
{
    ASSERT_EQ(upload("a.png", png).status, 201);
    ASSERT_EQ(upload("b.png", png).status, 201);
    EXPECT_EQ(listed().as_array().size(), 2u);
    int files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(blobs.folder())) files += entry.is_regular_file() ? 1 : 0;
    EXPECT_EQ(files, 1);
}

TEST_F(Attachments, ARepeatedRequestAddsNothing)
{
    const http::Fields key{{"idempotency-key", "k1"}};
    const auto first = upload("a.png", png, sample::agent1, key);
    const auto second = upload("a.png", png, sample::agent1, key);
    EXPECT_EQ(second.body, first.body);
    EXPECT_EQ(listed().as_array().size(), 1u);
    EXPECT_EQ(upload("a.png", "other", sample::agent1, key).status, 422);
}

TEST_F(Attachments, BadInputIsRefusedAndLeavesNothing)
{
    EXPECT_THAT(upload("a.png", "").body, HasSubstr("file_empty"));
    EXPECT_THAT(upload("../a.png", png).body, HasSubstr("file_name_shape"));
    EXPECT_THAT(upload("", png).body, HasSubstr("/filename"));
    EXPECT_EQ(upload("a.png", png, sample::merchant1_agent).status, 404);
    EXPECT_EQ(upload("a.png", png, sample::inspector1).status, 403);
    EXPECT_EQ(upload("a.png", png, StaffId{}).status, 401);
    EXPECT_THAT(added, IsEmpty());
    EXPECT_TRUE(fs::is_empty(blobs.folder()));

    closed = true;
    EXPECT_EQ(upload("a.png", png).status, 409);
    EXPECT_EQ(listed().as_array().size(), 0u);
}

TEST_F(Attachments, D6_ProgramsAreRefusedWhateverTheyAreCalled)
{
    std::string program = "MZ" + std::string(58, '\0') + std::string("\x40\0\0\0PE\0\0\x64\x86", 10);
    program += std::string(64, '\0');
    const auto refused = upload("photo.png", program);
    EXPECT_EQ(refused.status, 415) << refused.body;
    EXPECT_EQ(json::parse(refused.body).at("code"), "file_type_refused");
    EXPECT_EQ(upload_as_customer("photo.png", program).status, 415);
    EXPECT_THAT(added, IsEmpty());
    EXPECT_TRUE(fs::is_empty(blobs.folder()));
}

TEST_F(Attachments, D6_ACustomerSendsFilesAndGetsBackTheOwnOnesOnly)
{
    const auto staffs = *AttachmentId::parse(json::parse(upload("内部.png", png).body).at("id").as_string());
    added.clear();
    const auto sent = upload_as_customer("小票.png", "a receipt");
    EXPECT_EQ(sent.status, 200) << sent.body;
    ASSERT_EQ(added.size(), 1u);
    EXPECT_EQ(added[0].filename, "小票.png");
    EXPECT_TRUE(listed().at(1).at("created_by").is_null());

    const auto got = download_as_customer(added[0].attachment);
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(content_of(got), "a receipt");
    EXPECT_EQ(download_as_customer(staffs).status, 404) << "the staff's files stay inside";
    EXPECT_EQ(download_as_customer(added[0].attachment, "wrong").status, 401);
    EXPECT_EQ(upload_as_customer("x.png", png, "wrong").status, 401);

    EXPECT_EQ(upload_as_customer("two.png", png).status, 200);
    const auto refused = upload_as_customer("three.png", png);
    EXPECT_EQ(refused.status, 409);
    EXPECT_THAT(refused.body, HasSubstr("too_many_files"));
    closed = true;
    EXPECT_EQ(upload_as_customer("", png).status, 422);
}

TEST_F(Attachments, D6_WhoGuessesSecretsHasToWait)
{
    int waited = 0;
    for (int i = 0; i < 40; ++i)
        if (download_as_customer(AttachmentId{1}, "guess").status == 429) ++waited;
    EXPECT_EQ(waited, 10);
}

TEST_F(Attachments, C1_WhoMayNotSeeTheTicketSeesNoFile)
{
    const auto made = upload("a.png", png);
    EXPECT_EQ(download(made, sample::merchant1_agent).status, 404);
    EXPECT_EQ(get(sample::merchant1_agent, "/api/v1/tickets/" + ticket.text() + "/attachments").status, 404);
    EXPECT_EQ(download(made, StaffId{}).status, 401);
    EXPECT_EQ(get(sample::agent1, "/api/v1/attachments/" + AttachmentId{1}.text()).status, 404);
}

TEST_F(Attachments, E12_VerifyFindsLostAndChangedContents)
{
    upload("a.png", png);
    upload("b.txt", "hello");
    upload("c.txt", "world");
    upload("d.txt", "fine");
    EXPECT_THAT(faults(), IsEmpty());

    fs::remove(blobs.path_of(hash_of(png).hex()));
    std::ofstream{blobs.path_of(hash_of("hello").hex())} << "hell0";
    std::ofstream{blobs.path_of(hash_of("world").hex())} << "w";
    std::vector<BlobFaultKind> kinds;
    for (const auto& fault : faults()) kinds.push_back(fault.kind);
    EXPECT_THAT(kinds, ::testing::UnorderedElementsAre(BlobFaultKind::missing, BlobFaultKind::wrong_content,
                                                       BlobFaultKind::wrong_size));

    upload("again.txt", "hello");
    EXPECT_EQ(faults().size(), 2u) << "the same file sent once more heals it";
}

TEST_F(Attachments, AreAsTheDocumentSays)
{
    EXPECT_THAT(api::disagreements(routes.registered(), "attachment"), IsEmpty());
}

}  // namespace
}  // namespace shouwen::attachment
