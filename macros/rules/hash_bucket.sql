{# A number from 0 to buckets - 1 that follows from the columns alone: the same on every engine, on every day. Of 52 bits
   of an MD5, so that the remainder favours no bucket by more than one part in a billion. #}
{% macro hash_bucket(columns, buckets) -%}
    ({{ crm_segmentation.remainder(crm_segmentation.hex_to_integer('substr(' ~ crm_segmentation.hashed_key(columns) ~ ', 1, 13)'), buckets) }})
{%- endmacro %}
