with

countries as (

    select * from {{ ref('crm_segmentation', 'countries') }}

),

country_aliases as (

    select * from {{ ref('crm_segmentation', 'country_aliases') }}

),

languages as (

    select * from {{ ref('crm_segmentation', 'languages') }}

),

genders as (

    select * from {{ ref('crm_segmentation', 'genders') }}

),

time_zones as (

    select * from {{ ref('crm_segmentation', 'time_zones') }}

),

channels as (

    select * from {{ ref('crm_segmentation', 'base_people__channels') }}

),

channel_spellings as (

    select * from {{ ref('crm_segmentation', 'channel_spellings') }}

),

consent_words as (

    select * from {{ ref('crm_segmentation', 'consent_words') }}

),

identifier_types as (

    select * from {{ ref('crm_segmentation', 'identifier_types') }}

),

identifier_type_aliases as (

    select * from {{ ref('crm_segmentation', 'identifier_type_aliases') }}

),

spellings as (

    {%- for column in ['country_code', 'country_code_alpha3', 'country_name', 'local_name'] %}

    select
        'country' as kind,
        lower({{ column }}) as spelling,
        country_code as stored_value,
        {{ loop.index }} as precedence

    from countries

    union all
    {%- endfor %}

    select
        'country' as kind,
        alias as spelling,
        country_code as stored_value,
        5 as precedence

    from country_aliases
    {%- for column in ['language_code', 'language_code_alpha3', 'language_name', 'local_name'] %}

    union all

    select
        'language' as kind,
        lower({{ column }}) as spelling,
        language_code as stored_value,
        {{ loop.index }} as precedence

    from languages
    {%- endfor %}

    union all

    select
        'gender' as kind,
        spelling,
        gender as stored_value,
        1 as precedence

    from genders

    union all

    select
        'time_zone' as kind,
        spelling,
        time_zone as stored_value,
        1 as precedence

    from time_zones

    union all

    select
        'channel' as kind,
        {{ plain_spelling('channel') }} as spelling,
        channel as stored_value,
        1 as precedence

    from channels

    union all

    select
        'identifier_type' as kind,
        {{ snake_case('identifier_type') }} as spelling,
        identifier_type as stored_value,
        1 as precedence

    from identifier_types

    union all

    select
        'channel' as kind,
        {{ plain_spelling('spelling') }} as spelling,
        channel as stored_value,
        2 as precedence

    from channel_spellings

    union all

    -- Where a word has two meanings, the one that forbids counts.
    select
        'consent_status' as kind,
        {{ plain_spelling('spelling') }} as spelling,
        consent_status as stored_value,
        case consent_status when 'withdrawn' then 1 when 'undecided' then 2 else 3 end as precedence

    from consent_words

    union all

    select
        'identifier_type' as kind,
        alias as spelling,
        identifier_type as stored_value,
        2 as precedence

    from identifier_type_aliases

),

ranked as (

    select
        kind,
        spelling,
        stored_value,
        row_number() over (
            partition by kind, spelling
            order by precedence asc, {{ by_code_point('stored_value') }} asc
        ) as spelling_rank

    from spellings

    where spelling is not null and spelling != ''

),

first_meanings as (

    select
        kind,
        spelling,
        stored_value

    from ranked

    where spelling_rank = 1

)

select * from first_meanings
