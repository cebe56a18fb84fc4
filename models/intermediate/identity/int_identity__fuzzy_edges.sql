with

scored_pairs as (

    {{ scored_pairs() }}

),

accepted_pairs as (

    select
        record_id_a,
        record_id_b,
        match_probability

    from scored_pairs

    where
        match_probability >= {{ var('fuzzy_accept_probability') }}
        and held_back_by is null

)

select * from accepted_pairs
