//! Faults of lists.

/// Adds its lines to those so far and hands them on.
macro_rules! pages {
    ($next:ident $($others:ident)*: $($lines:tt)*) => { $next! { $($others)*: $($lines)*
        TotalMissing "total-missing" violates "lists.shape": "a list has no totalCount";
        SingleIsObject "single-is-object" violates "lists.shape":
            "a list with one item has an object instead of an array";
        TotalMissingOnLaterPages "total-missing-on-later-pages" violates "lists.shape":
            "from page 2 on, a list has no totalCount";
        TotalIsText "total-is-text" violates "lists.shape": "totalCount is a string";
        ListWithPageCount "list-with-page-count" violates "lists.three-fields": "a list says how many pages it has";
        ThreesCountFromZero "threes-count-from-zero" violates "lists.page-number-default":
            "pages of three items count from 0";
        SecondPageByDefault "second-page-by-default" violates "lists.page-number-default":
            "with itemsPerPage alone, page 2 is returned";
        SecondPageOfOnes "second-page-of-ones" violates "lists.page-number-default":
            "without pageNum, page 2 is returned as soon as the size is 1";
        LastPageByDefault "last-page-by-default" violates "lists.page-number-default":
            "without parameters the last page is returned";
        TwentyByDefault "twenty-by-default" violates "lists.size-default": "without itemsPerPage a page has 20 items";
        NinetyNineByDefault "ninety-nine-by-default" violates "lists.size-default":
            "without itemsPerPage a page has 99 items";
        FewWithPageNumber "few-with-page-number" violates "lists.size-default":
            "with pageNum alone a page has 25 items";
        FiftyAtMost "fifty-at-most" violates "lists.size-honoured":
            "a page never has more than 50 items when a size is asked for";
        SeventyFiveIsFifty "seventy-five-is-fifty" violates "lists.size-honoured":
            "where 75 items are asked for, 50 are returned";
        OneShortOfMaximum "one-short-of-maximum" violates "lists.size-honoured":
            "where 100 items are asked for, 99 are returned";
        SizeIgnoredWithFilter "size-ignored-with-filter" violates "lists.size-honoured":
            "itemsPerPage is ignored together with a filter";
        SizeUnlimited "size-unlimited" violates "lists.size-maximum": "a page has as many items as are asked for";
        OneOverMaximum "one-over-maximum" violates "lists.size-maximum": "a page has up to 101 items";
        MaximumByMultiples "maximum-by-multiples" violates "lists.size-maximum":
            "a page has 200 items where a multiple of 100 is asked for";
        TotalOffByDefault "total-off-by-default" violates "lists.total":
            "where no page is asked for, the total of a list that fits one page is too large by one";
        EmptyTotalIsOne "empty-total-is-one" violates "lists.total": "the total of an empty list is 1";
        TotalOfPage "total-of-page" violates "lists.total": "totalCount is the number of items on the page";
        TotalOffOnLastPage "total-off-on-last-page" violates "lists.total":
            "totalCount is one too small on the last of several pages";
        TotalIgnoresFilter "total-ignores-filter" violates "lists.total":
            "totalCount of a filtered list counts all items";
        TotalOfPagesSoFar "total-of-pages-so-far" violates "lists.total": "totalCount counts the items up to this page";
        TotalPastEnd "total-past-end" violates "lists.total": "totalCount of a page past the end is 0";
        PreviousOnFirst "previous-on-first" violates "lists.previous-except-first":
            "page 1 has a link to a previous page";
        PreviousMissingOnSecond "previous-missing-on-second" violates "lists.previous-except-first":
            "page 2 has no link to the previous page";
        PreviousMissingOnLast "previous-missing-on-last" violates "lists.previous-except-first":
            "the last page has no link to the previous page";
        NextAfterExactEnd "next-after-exact-end" violates "lists.next-except-last":
            "a last page that is full has a link to a next page";
        NextMissingBeforeLast "next-missing-before-last" violates "lists.next-except-last":
            "the page before the last has no link to the next page";
        NextOnSinglePage "next-on-single-page" violates "lists.next-except-last":
            "the only page of a list has a link to a next page";
        NextOnEmpty "next-on-empty" violates "lists.next-except-last": "an empty list has a link to a next page";
        NextPastEnd "next-past-end" violates "lists.next-except-last":
            "a page past the end has a link to a next page";
        SelfIsFirstPage "self-is-first-page" violates "lists.self-always": "self of every page leads to page 1";
        SelfMissingOnLast "self-missing-on-last" violates "lists.self-always": "the last page has no self link";
        SelfForgetsFilter "self-forgets-filter" violates "lists.self-always":
            "self of a page loses the filters of the request";
        SelfForgetsPage "self-forgets-page" violates "lists.self-always": "from page 3 on, self leads to page 2";
        FirstLink "first-link" violates "lists.only-paging-links": "a list links to its first page, too";
        LastLinkBetween "last-link-between" violates "lists.only-paging-links":
            "a page that is neither first nor last links to the last page, too";
        GroupLinkOnEmpty "group-link-on-empty" violates "lists.only-paging-links":
            "an empty list links to its group, too";
        NextTwice "next-twice" violates "lists.only-paging-links": "the link to the next page is there twice";
        ReadersSeeHalf "readers-see-half" violates "lists.walk-is-complete":
            "a user who may only read is shown half of the items of a list, and their number";
        ThirdPageShifted "third-page-shifted" violates "lists.walk-is-complete":
            "from page 3 on, the first item of a page is left out";
        PagesOverlap "pages-overlap" violates "lists.walk-is-complete":
            "each page begins with the last item of the page before";
        LastItemLost "last-item-lost" violates "lists.walk-is-complete": "the last item of a list never comes";
        NextSkipsPage "next-skips-page" violates "lists.walk-is-complete": "next of page 3 leads to page 5";
        PreviousIsFirst "previous-is-first" violates "lists.walk-is-complete": "previous always leads to page 1";
        OrderTurns "order-turns" violates "lists.walk-is-complete": "pages of 25 items come in the opposite order";
        PreviousForgetsSize "previous-forgets-size" violates "lists.links-keep-query":
            "the link to the previous page leads to pages of ten";
        LinksForgetFilter "links-forget-filter" violates "lists.links-keep-query":
            "next and previous lose the filters of the request";
        NextForgetsSize "next-forgets-size" violates "lists.links-keep-query": "next leads to a page of 10 items";
        PreviousForgetsFilter "previous-forgets-filter" violates "lists.links-keep-query":
            "previous loses the filters of the request";
        EmptyIs404 "empty-is-404" violates "lists.empty-is-200": "a list with nothing in it answers 404";
        EmptyIsNull "empty-is-null" violates "lists.empty-is-200": "the results of an empty list are null";
        EmptyPageIs404 "empty-page-is-404" violates "lists.empty-is-200":
            "a list with nothing in it answers 404 if a page is asked for";
        EmptyIs204 "empty-is-204" violates "lists.empty-is-200": "a list with nothing in it answers 204";
        FilteredEmptyIs404 "filtered-empty-is-404" violates "lists.empty-is-200":
            "a list of which a filter leaves nothing answers 404";
        MissingContextIsEmpty "missing-context-is-empty" violates "lists.missing-context-404":
            "a list in a group that does not exist is empty";
        MissingContextIs401 "missing-context-is-401" violates "lists.missing-context-404":
            "a list in a group that does not exist answers 401: membership is judged first";
        MissingContextOfEvents "missing-context-of-events" violates "lists.missing-context-404":
            "the events of a group that does not exist are an empty list";
        MissingContextOfPage "missing-context-of-page" violates "lists.missing-context-404":
            "a page of a list in a group that does not exist is empty";
        MissingContextOfEnvelope "missing-context-of-envelope" violates "lists.missing-context-404":
            "a list in a group that does not exist is empty under an envelope";
        MissingContextHeadIs200 "missing-context-head-is-200" violates "lists.missing-context-404":
            "HEAD of a list in a group that does not exist answers 200";
        BadPagingIgnored "bad-paging-ignored" violates "lists.bad-paging-parameter":
            "a page parameter that is no number is ignored";
        ZeroIsFirst "zero-is-first" violates "lists.bad-paging-parameter": "pageNum=0 is the first page";
        SizeZeroIsDefault "size-zero-is-default" violates "lists.bad-paging-parameter": "itemsPerPage=0 is the default";
    } };
}

pub(super) use pages;
