#include "agent/entries/entry_book.hpp"
#include "agent/entries/entry_csv.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::entries;

TEST_CASE("entry_csv: values come out in canonical units, columns in any order", "[entries][entry_csv]")
{
    config::defects found;
    auto const all = read_csv("\xEF\xBB\xBFitem,period,unit,value,source\r\n"
                              "electricity,2020-03,MWh,120,\"bill, March\"\r\n"
                              "\r\n"
                              "natural_gas,2020,10^4 m3,3.5,\"says \"\"gas\"\"\"\n"
                              "press_pump.e,2020-02-29,kWh,1111.5,protocol",
                              "past.csv", "Li Wei", found);
    CHECK(found.empty());
    REQUIRE(all.size() == 3);
    CHECK(all[0].value == 120'000);
    CHECK(all[0].unit == "kWh");
    CHECK(all[0].source == "bill, March");
    CHECK(all[0].author == "Li Wei");
    CHECK(all[1].value == 35'000);
    CHECK(all[1].source == "says \"gas\"");
    CHECK(all[2].period == "2020-02-29");
}

TEST_CASE("entry_csv: every mistake at once, with place and remedy", "[entries][entry_csv]")
{
    config::defects found;
    read_csv("period,item,value,unit,source,author\n"
             "2020-02-30,electricity,1,kWh,bill,Li\n"
             "2020-03,electricty,2,kWh,bill,Li\n"
             "2020-04,production,\"1,234\",t,MES,Li\n"
             "2020-05,natural_gas,3,kWh,,\n"
             "2020-06,electricity,4,kWh,bill,Li\n"
             "2020-06,electricity,5,kWh,bill,Li\n",
             "past.csv", "", found);
    std::vector<std::string> said;
    for (auto const& d : found)
        said.push_back(config::to_string(d));
    CHECK(said ==
          std::vector<std::string>{
              "past.csv:2:1: period: '2020-02-30' is no date: write a day as 2020-03-15, a month as 2020-03, a "
              "year as 2020",
              "past.csv:3:9: item: there is no item 'electricty': did you mean 'electricity'?",
              "past.csv:4:20: value: '1,234' is no number: write it with a decimal point and nothing else, like "
              "1234.5",
              "past.csv:5:23: unit: 'kWh' is no unit of natural_gas: one of m3, Nm3, 10^4 m3",
              "past.csv:5:27: source: the source is missing: say where the number comes from, like 'bill 2020-03'",
              "past.csv:5:28: author: the author is missing: say who vouches for it, or give --author",
              "past.csv:7:1: period: electricity of 2020-06 stands in line 6 already: leave one out",
          });
}

TEST_CASE("entry_csv: a head that lacks a column or has a strange one", "[entries][entry_csv]")
{
    config::defects found;
    read_csv("period,item,amount,unit,source\n", "past.csv", "", found);
    REQUIRE(found.size() == 3);
    CHECK(found[0].message == "there is no column 'amount'");
    CHECK(found[1].message == "the column 'value' is missing");
    CHECK(found[2].message == "the column 'author' is missing");
    found.clear();
    read_csv("", "past.csv", "", found);
    CHECK(found.size() == 1);
}

TEST_CASE("entry_book: importing twice changes nothing, another value is a revision", "[entries][entry_book]")
{
    entry_book book;
    config::defects found;
    entry const march{"electricity", "kWh", "2020-03", 100, "bill", "Li"};
    auto const first = book.changes({march}, "f", found);
    REQUIRE(first.size() == 1);
    auto const stored = entry_of(to_row(first[0]));
    REQUIRE(stored);
    book.add(*stored);
    CHECK(book.changes({march}, "f", found).empty());

    auto corrected = march;
    corrected.value = 101;
    auto const second = book.changes({corrected}, "f", found);
    REQUIRE(second.size() == 1);
    CHECK(second[0].revision == 1);
    book.add(second[0]);
    book.add(first[0]); // an older revision read later changes nothing
    CHECK(book.find("electricity", "2020-03")->value == 101);
    CHECK(found.empty());
}

TEST_CASE("entry_book: what would count twice is refused", "[entries][entry_book]")
{
    entry_book book;
    book.add({"electricity", "kWh", "2020", 1200, "bill", "Li"});
    config::defects found;
    book.changes({{"electricity", "kWh", "2020-03", 100, "bill", "Li"}}, "past.csv", found);
    REQUIRE(found.size() == 1);
    CHECK(config::to_string(found[0]) ==
          "past.csv: period: electricity of 2020-03 and of 2020 would count twice: leave "
          "2020-03 out, or give all as years");
}

TEST_CASE("entry_book: a year is the sum of its months, when all are there", "[entries][entry_book]")
{
    entry_book book;
    for (int m = 1; m <= 12; ++m) {
        CHECK_FALSE(book.total("production", "2020"));
        book.add({"production", "t", (m < 10 ? "2020-0" : "2020-") + std::to_string(m), 10.0 * m, "MES", "Li"});
    }
    auto const year = book.total("production", "2020");
    REQUIRE(year);
    CHECK(year->value == 780);
    CHECK(year->source == "MES");
    CHECK_FALSE(book.total("production", "2020-02-01"));
}

TEST_CASE("entry_csv: a table that a spreadsheet saved otherwise is one message", "[entries][entry_csv]")
{
    auto const message = [](std::string_view text) {
        config::defects found;
        read_csv(text, "past.csv", "Li", found);
        REQUIRE(found.size() == 1);
        return config::to_string(found[0]);
    };
    CHECK(message("period;item;value;unit;source\n2020;electricity;1;MWh;bill\n") ==
          "past.csv:1:7: the fields are not separated by commas: save the table as 'CSV UTF-8 (comma delimited)'");
    CHECK(message("2020,electricity,1,MWh,bill\n") ==
          "past.csv:1:1: the first line does not name the columns: write period,item,value,unit,source,author above "
          "the numbers");
    CHECK(message("period,item,value,unit,source\n2020,electricity,1,MWh,\xB5\xE7\xB7\xD1\n") == // GBK
          "past.csv:2:24: the file is not UTF-8: save the table as 'CSV UTF-8 (comma delimited)'");
    CHECK(message(std::string_view{"\xFF\xFEp\0e\0", 6}) == // UTF-16
          "past.csv:1:1: the file is not UTF-8: save the table as 'CSV UTF-8 (comma delimited)'");
    CHECK(message("period,item,value,unit,source\n2020,electricity,-5,MWh,bill\n") ==
          "past.csv:2:18: value: -5 is below 0: give what was bought, made or paid; energy given away is no negative "
          "purchase");
    CHECK(message("period,item,value,unit,source\n2020,electricity,1,MWh,电费\n2020,steem,1,t,x\n")
              .starts_with("past.csv:3:6: item"));
}
